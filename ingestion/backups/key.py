"""The key that backups are sealed with: who has it reads them, and without it nobody does."""

import hmac
import os
import re
import secrets
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

HEX = re.compile(r"[0-9a-fA-F]{64}")


def key_path() -> Path:
    """Where the key is when BACKUP_KEY doesn't say it."""
    return Path(settings.VAR_DIR) / "backup_key"


def backup_key() -> bytes:
    """Return the key of this installation, or raise ImproperlyConfigured saying what is wrong with it."""
    said = settings.BACKUP_KEY.strip()
    if HEX.fullmatch(said):
        return bytes.fromhex(said)
    path = Path(said) if said else key_path()
    try:
        text = path.read_text().strip()
    except (OSError, UnicodeDecodeError):
        # Never what it says: it may be a key, badly copied.
        raise ImproperlyConfigured(
            "BACKUP_KEY: se esperan 64 cifras hexadecimales, o el archivo que las tiene."
            if said
            else f"No hay clave de las copias: ni BACKUP_KEY la da ni está en {path}."
        ) from None
    if not HEX.fullmatch(text):
        raise ImproperlyConfigured(f"{path}: no es una clave de 64 cifras hexadecimales.")
    return bytes.fromhex(text)


def make_key() -> bytes:
    """Return the key of this installation; the first time, unless BACKUP_KEY says it, make it."""
    path = key_path()
    if not settings.BACKUP_KEY.strip() and not path.exists():
        whole = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        whole.touch(mode=0o600)
        whole.write_text(secrets.token_hex(32) + "\n")
        try:
            os.link(whole, path)  # of two that make it at once, one is the key
        except FileExistsError:
            pass
        finally:
            whole.unlink()
    return backup_key()


def fingerprint(key: bytes) -> str:
    """Return what tells keys apart and gives nothing of them away."""
    return hmac.digest(key, b"cartera: huella", "sha256").hex()[:16]
