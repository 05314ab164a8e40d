"""XML signatures of CAP alerts, against certificates that the feed list names.

Only the signer's own certificate is trusted, never whoever issued it: an office that named a
public authority would otherwise believe everybody who bought a certificate there. What a
signature covers is read again as an alert and compared by the caller with the alert that is
shown, so that a signed alert wrapped around another one proves nothing (signature wrapping).
Algorithms: W3C XML Signature 1.1 with RSA or ECDSA and the SHA-2 family.
"""

from __future__ import annotations

import base64
import copy
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature as KeyRefused
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidDigest, SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from monitor.parse.xmlsafe import Element

BUDGET_S = 3.0  # of processor time for one document; a worker has 10 s in all
_MAX_SIGNATURES = 4  # of one alert
_MAX_BYTES = 2 * 1024 * 1024  # of one alert
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
_TRANSFORM = "{http://www.w3.org/2000/09/xmldsig#}Transform"
_TRANSFORMS = frozenset(
    (
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/2006/12/xml-c14n11",
        "http://www.w3.org/2001/10/xml-exc-c14n#",
    )
)
_METHOD = "{http://www.w3.org/2000/09/xmldsig#}SignatureMethod"
_DIGEST_METHOD = "{http://www.w3.org/2000/09/xmldsig#}DigestMethod"
_CERTIFICATE = "{http://www.w3.org/2000/09/xmldsig#}X509Certificate"
# Why a signature proves nothing, the farthest from a good one first.
MALFORMED = "malformed"
ALGORITHM = "algorithm"  # unknown, or one that can be forged today
TRANSFORM = "transform"  # the alert would be rewritten before the comparison
UNKNOWN = "unknown_certificate"
EXPIRED = "expired_certificate"
NOT_YET_VALID = "certificate_not_yet_valid"
CHANGED = "changed"  # the content, or the signature itself
ELSEWHERE = "other_content"  # good, but not over what is shown
REASONS = (
    MALFORMED, ALGORITHM, TRANSFORM, UNKNOWN, EXPIRED, NOT_YET_VALID, CHANGED, ELSEWHERE,
)  # fmt: skip
_METHODS = frozenset(
    (
        SignatureMethod.RSA_SHA256,
        SignatureMethod.RSA_SHA384,
        SignatureMethod.RSA_SHA512,
        SignatureMethod.SHA256_RSA_MGF1,
        SignatureMethod.SHA384_RSA_MGF1,
        SignatureMethod.SHA512_RSA_MGF1,
        SignatureMethod.ECDSA_SHA256,
        SignatureMethod.ECDSA_SHA384,
        SignatureMethod.ECDSA_SHA512,
    )
)
_DIGESTS = frozenset((DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512))
_METHOD_NAMES = frozenset(each.value for each in _METHODS)
_DIGEST_NAMES = frozenset(each.value for each in _DIGESTS)
# What a hostile signature can make the libraries raise; it is then no good signature.
_FAULTS = (
    SignXMLException, KeyRefused, UnsupportedAlgorithm, etree.LxmlError, ArithmeticError,
    AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError,
)  # fmt: skip


def load_certificates(pem: bytes) -> list[x509.Certificate]:
    """The certificates of a PEM file, one or more. Raises ValueError when there is none."""
    return x509.load_pem_x509_certificates(pem)


class Verifier:
    """Looks for what the certificates have signed, in one document, within a time budget.

    `pems` are PEM files; `at` is the time at which a certificate must be valid (None: the
    present). `spent` turns True when the budget was used up: what comes then stays unchecked.
    `why` is one of REASONS once `signed_parts` has run to its end: where several signatures
    fail, that of the one which came nearest to a good one.
    """

    def __init__(
        self, pems: tuple[bytes, ...], at: datetime | None, *, budget_s: float = BUDGET_S
    ) -> None:
        self._certificates = [each for pem in pems for each in load_certificates(pem)]
        self._config = SignatureConfiguration(
            location="./",
            expect_references=True,  # any number, and all of them must hold
            signature_methods=_METHODS,
            digest_algorithms=_DIGESTS,
            verification_time=at,
        )
        self._own = {each.public_bytes(Encoding.DER): each for each in self._certificates}
        self._at = at or datetime.now(UTC)
        self._until = time.process_time() + budget_s
        self.spent = False
        self.why = MALFORMED

    def signed_parts(self, alert: Element) -> Iterator[Element]:
        """What the good signatures of `alert` cover, each as an element of its own.

        Only signatures that are direct children count. The caller compares each part with the
        alert that it shows.
        """
        self.why = MALFORMED
        for form in _forms(alert):
            for data in _readings(form):
                for certificate in self._certificates:
                    if time.process_time() > self._until:
                        self.spent = True
                        return
                    yield from self._signed(data, certificate)
        if self.why == MALFORMED:
            found = [part for part in alert if part.tag == _SIGNATURE]
            for signature in found[:_MAX_SIGNATURES]:
                self._came_to(self._fault_of(signature))

    def _signed(self, data: bytes, certificate: x509.Certificate) -> list[Element]:
        try:
            found = XMLVerifier().verify(data, x509_cert=certificate, expect_config=self._config)
        except InvalidDigest:  # looked at only after the signature itself held
            self._came_to(CHANGED)
            return []
        except _FAULTS:
            return []
        results = found if isinstance(found, list) else [found]
        self._came_to(ELSEWHERE)
        return [each.signed_xml for each in results if each.signed_xml is not None]

    def _came_to(self, why: str) -> None:
        self.why = max(self.why, why, key=REASONS.index)

    def _fault_of(self, signature: Any) -> str:
        """What is wrong with a signature that holds under none of the certificates."""
        methods = [part.get("Algorithm") for part in signature.iter(_METHOD)]
        digests = [part.get("Algorithm") for part in signature.iter(_DIGEST_METHOD)]
        if not methods or not digests:
            return MALFORMED
        if not {*methods} <= _METHOD_NAMES or not {*digests} <= _DIGEST_NAMES:
            return ALGORITHM
        if not _only_known_transforms(signature):
            return TRANSFORM
        named = [_der(part.text) for part in signature.iter(_CERTIFICATE)]
        used = [self._own[der] for der in named if der in self._own]
        if named and not used:
            return UNKNOWN
        return self._validity(used or self._certificates) or (CHANGED if used else UNKNOWN)

    def _validity(self, certificates: list[x509.Certificate]) -> str:
        """Why none of these certificates is valid at the time; empty when one is."""
        if any(
            each.not_valid_before_utc <= self._at <= each.not_valid_after_utc
            for each in certificates
        ):
            return ""
        over = any(each.not_valid_after_utc < self._at for each in certificates)
        return EXPIRED if over else NOT_YET_VALID


def _forms(alert: Element) -> Iterator[Element]:
    """The alert alone as it may have been signed: with only its own namespaces, or with all.

    Namespaces of an Atom feed around it are part of its canonical form when the publisher
    signed it inside the feed, and not when it was put there afterwards.
    """
    own = etree.tostring(copy.deepcopy(alert), with_tail=False)
    whole = etree.tostring(alert, with_tail=False)
    for data in dict.fromkeys((own, whole)):
        if len(data) <= _MAX_BYTES:
            yield etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def _readings(form: Element) -> Iterator[bytes]:
    """The alert once per signature, that one as its first child, where the library looks.

    A message that two offices signed one after the other was signed by the first without the
    second's signature, so each is tried with the others and without.
    """
    count = sum(1 for part in form if part.tag == _SIGNATURE)
    for index in range(min(count, _MAX_SIGNATURES)):
        for alone in (False, True) if count > 1 else (False,):
            alert: Any = copy.deepcopy(form)
            signatures = alert.findall(_SIGNATURE)
            wanted = signatures[index]
            if not _only_known_transforms(wanted):
                continue
            for signature in signatures if alone else [wanted]:
                _lift(signature)
            _loosen(wanted)
            alert.insert(0, wanted)
            yield etree.tostring(alert)


def _only_known_transforms(signature: Any) -> bool:
    return {part.get("Algorithm") for part in signature.iter(_TRANSFORM)} <= _TRANSFORMS


def _der(written: str | None) -> bytes:
    """A certificate as it is written in a signature; empty when it is none."""
    try:
        return base64.b64decode("".join((written or "").split()), validate=True)
    except ValueError:
        return b""


def _loosen(signature: Any) -> None:
    """Take off what the library's schema refuses and no signature covers.

    Canada writes "Environment Canada" for an Id, and an Object outside the namespace.
    """
    if " " in signature.get("Id", ""):
        del signature.attrib["Id"]
    for part in list(signature):
        if not str(part.tag).startswith("{http://www.w3.org/2000/09/xmldsig#}"):
            signature.remove(part)


def _lift(signature: Any) -> None:
    """Take a signature out of its alert; the text after it stays."""
    alert, tail = signature.getparent(), signature.tail or ""
    before = signature.getprevious()
    if before is None:
        alert.text = (alert.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
    signature.tail = None
    alert.remove(signature)
