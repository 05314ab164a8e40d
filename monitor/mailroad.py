"""The road that mails take: a mail server when one is set, files when not."""

from __future__ import annotations

from alerts.ports import Mailer
from monitor.config.settings import Settings
from monitor.errors import ConfigError


def mailer_for(settings: Settings) -> Mailer:
    """The mailer of these settings. Raises ConfigError if server or sender cannot be used."""
    from alerts.errors import DeliveryError
    from alerts.smtp import FileMailer, SmtpMailer

    if settings.smtp_url is None:
        return FileMailer(settings.outbox_dir)
    try:
        return SmtpMailer(settings.smtp_url, sender=settings.mail_from)
    except DeliveryError as error:
        raise ConfigError(f"MONITOR_SMTP_URL or MONITOR_MAIL_FROM: {error}") from error
