"""XML signatures of CAP alerts: what verifies is what is shown, and nothing else verifies."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree
from signxml.algorithms import (
    CanonicalizationMethod,
    SignatureConstructionMethod,
    SignatureMethod,
)
from signxml.signer import XMLSigner

from alerts import words
from monitor.parse.capmodel import SIGNATURE_FLAGS
from monitor.parse.document import parse
from monitor.parse.entry import Document, Entry, Hints
from monitor.parse.show import as_json
from monitor.parse.signature import REASONS, Verifier
from tests.signing import EXCLUSIVE, INCLUSIVE, NOW, Signer

CAP = "urn:oasis:names:tc:emergency:cap:1.2"


@pytest.fixture(scope="module")
def office() -> Signer:
    return Signer("met office")


@pytest.fixture(scope="module")
def stranger() -> Signer:
    return Signer("somebody else")


def alert(headline: str = "Flood in A", number: str = "1", more: str = "") -> str:
    return (
        f'<alert xmlns="{CAP}"><identifier>{number}</identifier><sender>met@agency.example</sender>'
        "<sent>2026-09-25T10:00:00+07:00</sent><status>Actual</status><msgType>Alert</msgType>"
        f"<scope>Public</scope><info><event>Flood</event><urgency>Immediate</urgency>"
        f"<severity>Extreme</severity><certainty>Observed</certainty><headline>{headline}</headline>"
        f"<area><areaDesc>A</areaDesc></area></info>{more}</alert>"
    )


def document(text: str, *signers: Signer, at: datetime = NOW) -> Document:
    return parse(text.encode(), Hints(certificates=tuple(each.pem for each in signers), at=at))


def states(text: str, *signers: Signer, at: datetime = NOW) -> list[str | None]:
    return [state(entry) for entry in document(text, *signers, at=at).entries]


def whys(text: str, *signers: Signer, at: datetime = NOW) -> list[str | None]:
    """Why each entry's signature does not hold, as it is printed and as it is kept."""
    found = []
    for entry in document(text, *signers, at=at).entries:
        why = as_json(entry)["signature_why"]
        kept = [flag for flag in entry.values.flags if flag.startswith("signature_why_")]
        assert kept == ([f"signature_why_{why}"] if why else [])
        assert (why is not None) == ("signature_bad" in entry.values.flags)
        for language in ("th", "en"):
            assert why is None or words.say(f"signature_why.{why}", language)
        found.append(why)
    return found


def state(entry: Entry) -> str | None:
    shown = as_json(entry)["signature"]
    flags = [flag for flag in entry.values.flags if flag in SIGNATURE_FLAGS.values()]
    assert flags == ([SIGNATURE_FLAGS[shown]] if shown else [])
    return str(shown) if shown else None


@pytest.mark.parametrize("c14n", [EXCLUSIVE, INCLUSIVE], ids=["exclusive", "inclusive"])
def test_a_signed_alert_verifies_with_the_signers_certificate(
    office: Signer, c14n: CanonicalizationMethod
) -> None:
    assert states(office.sign(alert("น้ำท่วม"), c14n), office) == ["verified"]


def test_one_of_several_certificates_is_enough(office: Signer, stranger: Signer) -> None:
    assert states(office.sign(alert()), stranger, office) == ["verified"]


def test_without_a_certificate_a_signature_is_noted_and_not_believed(office: Signer) -> None:
    assert states(office.sign(alert())) == ["signed"]


def test_an_alert_without_signature_is_unsigned_with_and_without_certificate(
    office: Signer,
) -> None:
    assert states(alert(), office) == ["unsigned"]
    assert states(alert()) == ["unsigned"]


def test_an_ordinary_entry_has_no_signature_state() -> None:
    assert states("<rss><channel><item><title>t</title></item></channel></rss>") == [None]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Flood in A", "Flood in B"),
        ("Extreme", "Minor"),
        (">Actual<", ">Test<"),
        ("</info>", "</info><info><headline>x</headline></info>"),
        ("DigestValue>", "DigestValue>A"),
        ("SignatureValue>", "SignatureValue>A"),
    ],
    ids=["headline", "severity", "status", "added block", "digest", "value"],
)
def test_a_tampered_alert_is_bad_and_still_read(office: Signer, old: str, new: str) -> None:
    text = office.sign(alert())
    assert old in text
    tampered = text.replace(old, new, 1)
    (entry,) = document(tampered, office).entries
    assert state(entry) == "bad"
    assert entry.values.title


def test_the_signature_of_somebody_else_is_bad(office: Signer, stranger: Signer) -> None:
    assert states(stranger.sign(alert()), office) == ["bad"]


def test_an_expired_or_not_yet_valid_certificate_verifies_nothing(office: Signer) -> None:
    old = Signer("old", until=NOW - timedelta(days=1))
    assert states(old.sign(alert()), old) == ["bad"]
    text = office.sign(alert())
    assert states(text, office, at=NOW + timedelta(days=400)) == ["bad"]
    assert states(text, office, at=NOW - timedelta(days=800)) == ["bad"]


@pytest.mark.parametrize("c14n", [EXCLUSIVE, INCLUSIVE], ids=["exclusive", "inclusive"])
def test_a_signed_alert_inside_an_atom_entry_verifies(
    office: Signer, c14n: CanonicalizationMethod
) -> None:
    inner = office.sign(alert(), c14n)
    text = (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:cap="{CAP}" xmlns:g="urn:g"><title>t'
        f'</title><entry><id>1</id><title>t</title><content type="text/xml">\n {inner}\n</content>'
        f"</entry>{office.sign(alert(number='2'), c14n)}</feed>"
    )
    assert states(text, office) == ["verified", "verified"]
    assert states(text.replace("Flood in A", "Flood in C", 1), office).count("bad") == 1


def test_alerts_in_an_envelope_and_written_as_text_verify(office: Signer) -> None:
    inner = office.sign(alert(), INCLUSIVE)
    for content in (inner, inner.replace("&", "&amp;").replace("<", "&lt;")):
        text = (
            '<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0"><contentObject>'
            f"<xmlContent><embeddedXMLContent>{content}</embeddedXMLContent></xmlContent>"
            "</contentObject></EDXLDistribution>"
        )
        assert states(text, office) == ["verified"]


def test_a_signed_alert_wrapped_into_a_false_one_proves_nothing(office: Signer) -> None:
    """The signature is good, but for another alert than the one that would be shown."""
    signed = etree.fromstring(office.sign(alert()))
    signature = signed[-1]
    signed.remove(signature)
    for place in ("in the signature", "beside it"):
        false = etree.fromstring(alert("All clear, return home"))
        moved = etree.fromstring(etree.tostring(signature))
        true = etree.fromstring(etree.tostring(signed))
        if place == "in the signature":
            etree.SubElement(moved, f"{{{moved.nsmap['ds']}}}Object").append(true)
        else:
            false.append(true)
        false.append(moved)
        text = str(etree.tostring(false, encoding="unicode"))
        found = document(text, office).entries
        assert "verified" not in {
            state(entry) for entry in found if entry.values.title == "All clear, return home"
        }


def by_reference(office: Signer, root: etree._Element, name: str) -> etree._Element:
    """A signature of the element of `root` whose Id is `name`, standing apart from it."""
    signer = XMLSigner(
        method=SignatureConstructionMethod.detached,
        signature_algorithm=SignatureMethod.ECDSA_SHA256,
        c14n_algorithm=EXCLUSIVE,
    )
    return signer.sign(root, key=office.key, reference_uri=f"#{name}")


def test_a_good_reference_to_another_alert_proves_nothing(office: Signer) -> None:
    true = etree.fromstring(alert())
    true.set("Id", "true")
    signature = by_reference(office, true, "true")
    carrier = etree.SubElement(signature, f"{{{signature.nsmap['ds']}}}Object")
    carrier.append(true)
    false = etree.fromstring(alert("All clear, return home", number="9"))
    false.append(signature)
    text = str(etree.tostring(false, encoding="unicode"))
    (part,) = Verifier((office.pem,), NOW).signed_parts(false)  # the signature itself is good
    assert "Flood in A" in "".join(str(text) for text in part.itertext())
    found = {entry.values.title: state(entry) for entry in document(text, office).entries}
    assert found == {"All clear, return home": "bad", "Flood in A": "unsigned"}


def test_a_reference_to_a_part_of_the_alert_proves_nothing(office: Signer) -> None:
    """Only the first block is signed; the second one would be shown unsigned."""
    root = etree.fromstring(alert(more="<info><headline>False</headline></info>"))
    first = root.find(f"{{{CAP}}}info")
    assert first is not None
    first.set("Id", "part")
    root.append(by_reference(office, root, "part"))
    text = str(etree.tostring(root, encoding="unicode"))
    assert len(list(Verifier((office.pem,), NOW).signed_parts(root))) == 1
    assert states(text, office) == ["bad"]


def test_a_signature_that_names_an_unknown_transform_is_bad(office: Signer) -> None:
    text = office.sign(alert()).replace(
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
    )
    assert states(text, office) == ["bad"]


def test_two_offices_sign_one_after_the_other(office: Signer, stranger: Signer) -> None:
    """The first signed without the second's signature, the second with the first's."""
    twice = stranger.sign(office.sign(alert()))
    assert twice.count("<ds:SignatureValue>") == 2
    assert states(twice, office) == ["verified"]
    assert states(twice, stranger) == ["verified"]
    assert states(twice.replace("Flood in A", "Flood in B"), office, stranger) == ["bad"]


def test_a_repeated_alert_with_a_broken_signature_does_not_borrow_the_good_one(
    office: Signer,
) -> None:
    good = office.sign(alert(number="1"))
    false = office.sign(alert(number="2")).replace("Flood in A", "Flood in B")
    assert states(f"<alerts>{good}{false}</alerts>", office) == ["verified", "bad"]


def test_checking_ends_with_its_budget_and_what_is_left_is_not_called_verified(
    office: Signer,
) -> None:
    verifier = Verifier((office.pem,), NOW, budget_s=0)
    signed = etree.fromstring(office.sign(alert()))
    assert list(verifier.signed_parts(signed)) == []
    assert verifier.spent


def test_hostile_signatures_raise_nothing(office: Signer) -> None:
    ds = 'xmlns="http://www.w3.org/2000/09/xmldsig#"'
    good = office.sign(alert())
    for inner in (
        f"<Signature {ds}/>",
        f"<Signature {ds}><SignedInfo/></Signature>",
        f"<Signature {ds}>" + "<SignedInfo>" * 50 + "</SignedInfo>" * 50 + "</Signature>",
        '<Signature xmlns="urn:else"/>',
    ):
        assert states(alert(more=inner), office) == ["bad"]
    for part in ("http://www.w3.org/2001/10/xml-exc-c14n#", "ecdsa-sha256", "xmlenc#sha256"):
        assert states(good.replace(part, "urn:nothing"), office) == ["bad"]


def test_the_library_is_loaded_only_where_something_is_checked(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from monitor.parse.document import parse\n"
        "from monitor.parse.entry import Hints\n"
        "body = open(sys.argv[1], 'rb').read()\n"
        "assert 'signed' in parse(body, Hints()).entries[0].values.flags\n"
        "assert not {'signxml', 'cryptography'} & set(sys.modules)\n"
    )
    signed = tmp_path / "signed.xml"
    signed.write_text(alert(more='<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'))
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", program, str(signed)], check=True, cwd=root)


def test_a_signature_named_in_words_as_canada_does_verifies(office: Signer) -> None:
    text = office.sign(alert())
    named = text.replace("<ds:Signature ", '<ds:Signature Id="Environment Canada" ', 1)
    odd = named.replace("</ds:Signature>", '<Object xmlns=""><a/></Object></ds:Signature>', 1)
    assert odd.count("Environment Canada") == odd.count("<Object") == 1
    assert states(odd, office) == ["verified"]
    assert states(odd.replace("Flood in A", "Flood in B"), office) == ["bad"]


@pytest.mark.parametrize("name", ["ca-naads-signed.cap.xml", "ca-naads-signed-in-atom.atom.xml"])
def test_a_real_signature_with_sha_1_is_not_accepted(name: str) -> None:
    """Its certificate is its own and its time is right, but anybody may forge SHA-1 today."""
    path = Path(__file__).parents[4] / "shared" / "feeds" / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    body = path.read_bytes()
    wrapped = b"<X509Certificate>"
    pems = tuple(
        b"-----BEGIN CERTIFICATE-----\n"
        + part.partition(b"</X509Certificate>")[0].strip()
        + b"\n-----END CERTIFICATE-----\n"
        for part in body.split(wrapped)[1:]
    )
    assert len(pems) == 2
    hints = Hints(certificates=pems, at=datetime(2013, 2, 1, tzinfo=UTC))
    assert {state(entry) for entry in parse(body, hints).entries} == {"bad"}


def without_certificate(text: str) -> str:
    """The signed alert without the certificate that its signature carries."""
    root = etree.fromstring(text)
    for info in root.findall(".//{http://www.w3.org/2000/09/xmldsig#}KeyInfo"):
        info.getparent().remove(info)
    return str(etree.tostring(root, encoding="unicode"))


def test_a_signature_that_holds_has_no_reason_and_nor_has_one_that_is_not_checked(
    office: Signer,
) -> None:
    signed = office.sign(alert())
    assert whys(signed, office) == whys(signed) == whys(alert(), office) == [None]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("Flood in A", "Flood in B", "changed"),
        ("DigestValue>", "DigestValue>A", "changed"),
        ("SignatureValue>", "SignatureValue>A", "changed"),
        ("2001/04/xmldsig-more#ecdsa-sha256", "2000/09/xmldsig#rsa-sha1", "algorithm"),
        ("2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1", "algorithm"),
        ("xmldsig#enveloped-signature", "xmldsig#base64", "transform"),
        ("ds:SignedInfo", "ds:Signed", "malformed"),
    ],
)
def test_each_kind_of_spoilt_signature_says_what_is_wrong_with_it(
    office: Signer, old: str, new: str, why: str
) -> None:
    text = office.sign(alert())
    assert old in text
    if old == "ds:SignedInfo":
        text = text.replace("ds:SignatureMethod", "ds:Method")
    assert whys(text.replace(old, new), office) == [why]


def test_a_certificate_that_is_not_ours_too_old_or_too_new_is_named_as_the_reason(
    office: Signer, stranger: Signer
) -> None:
    theirs = stranger.sign(alert())
    assert whys(theirs, office) == ["unknown_certificate"]
    assert whys(without_certificate(theirs), office) == ["unknown_certificate"]
    ours = office.sign(alert())
    for text in (ours, without_certificate(ours)):
        assert whys(text, office, at=NOW + timedelta(days=400)) == ["expired_certificate"]
        assert whys(text, office, at=NOW - timedelta(days=800)) == ["certificate_not_yet_valid"]
    assert whys(ours, office, at=NOW) == [None]


def test_a_good_signature_over_something_else_is_said_to_be_that(office: Signer) -> None:
    root = etree.fromstring(alert(more="<info><headline>False</headline></info>"))
    first = root.find(f"{{{CAP}}}info")
    assert first is not None
    first.set("Id", "part")
    root.append(by_reference(office, root, "part"))
    assert whys(str(etree.tostring(root, encoding="unicode")), office) == ["other_content"]


def test_of_two_signatures_the_one_that_came_nearest_gives_the_reason(
    office: Signer, stranger: Signer
) -> None:
    twice = stranger.sign(office.sign(alert())).replace("Flood in A", "Flood in B")
    assert whys(twice, office) == ["changed"]
    assert whys(twice, stranger) == ["changed"]


def test_every_reason_has_its_words_in_both_languages() -> None:
    assert {*REASONS} == {*words.current().section("signature_why")}
