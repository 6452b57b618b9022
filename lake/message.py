"""One object as a message of the AWS Encryption SDK: AES-256-GCM, in frames, key committed.

The message's head names in plain text, and authenticates, what it is: tenant, source, day, object
and key. The data key is bound to tenant, day and key alone, so that one data key serves a tenant
for a day; the head binds the object, so that one object cannot be put in place of another.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO

import attrs
from aws_cryptographic_material_providers.mpl import AwsCryptographicMaterialProviders
from aws_cryptographic_material_providers.mpl.config import MaterialProvidersConfig
from aws_cryptographic_material_providers.mpl.models import (
    CreateDefaultCryptographicMaterialsManagerInput,
)
from aws_encryption_sdk import (
    CachingCryptoMaterialsManager,
    CommitmentPolicy,
    LocalCryptoMaterialsCache,
    StreamDecryptor,
    StreamEncryptor,
)
from aws_encryption_sdk.identifiers import Algorithm
from aws_encryption_sdk.materials_managers import EncryptionMaterials
from aws_encryption_sdk.materials_managers.base import CryptoMaterialsManager
from aws_encryption_sdk.materials_managers.mpl.cmm import CryptoMaterialsManagerFromMPL

from conf.errors import AntipodeError

Context = dict[str, str]

FRAME_BYTES = 256 * 1024  # of smaller ones Python is the cost: 180 MB/s at the default of 4 KiB
_LARGEST_FRAME = 1 << 20  # that is read, should FRAME_BYTES ever change
# Without a signature: who may read may write, and it would cost more than all the rest.
ALGORITHM = Algorithm.AES_256_GCM_HKDF_SHA512_COMMIT_KEY
POLICY = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
_OF_THE_DATA_KEY = ("tenant", "day", "key")
_DATA_KEY_SECONDS = 24 * 3600.0
_DATA_KEYS = 4096  # kept by a process


@cache
def providers() -> Any:
    """Return the library that makes keyrings."""
    return AwsCryptographicMaterialProviders(config=MaterialProvidersConfig())


class Messages:
    """Writes and reads messages, remembering data keys."""

    def __init__(self, keyring: Callable[[Context], Any]) -> None:
        """`keyring` finds the keyring for a context; raises AntipodeError when there is none."""
        self._data_keys = CachingCryptoMaterialsManager(
            cache=LocalCryptoMaterialsCache(_DATA_KEYS),
            max_age=_DATA_KEY_SECONDS,
            backing_materials_manager=_ByKey(keyring),
        )

    def encrypt(self, plain: bytes, context: Context) -> bytes:
        """Return `plain` as a message with this head."""
        encryptor = StreamEncryptor(
            source=io.BytesIO(plain),
            source_length=len(plain),
            materials_manager=_ByObject(self._data_keys, lambda context: None),
            commitment_policy=POLICY,
            algorithm=ALGORITHM,
            encryption_context=context,
            frame_length=FRAME_BYTES,
        )
        return b"".join(iter(lambda: encryptor.read(FRAME_BYTES), b""))

    def open(self, message: bytes, what: str, check: Callable[[Context], None]) -> BinaryIO:
        """Return what decrypts a message frame by frame; nothing comes unauthenticated.

        `check` is shown the head before the data key is used, and raises AntipodeError. Raises
        AntipodeError, here or while reading, when the message was changed; `what` names it.
        """
        decryptor = StreamDecryptor(
            source=io.BytesIO(message),
            materials_manager=_ByObject(self._data_keys, check),
            commitment_policy=POLICY,
            max_encrypted_data_keys=1,
            max_body_length=_LARGEST_FRAME,
        )
        plain = _Plain(decryptor, what)
        plain.begin()
        return io.BufferedReader(plain, FRAME_BYTES)


@dataclass
class _Plain(io.RawIOBase):
    """The plain bytes of a message, as a file."""

    decryptor: Any
    what: str

    def begin(self) -> None:
        try:
            self._checked(lambda: self.decryptor.header)
        except AntipodeError as error:
            if self.what in str(error):
                raise
            raise AntipodeError(f"{self.what} was not decrypted: {error}") from error

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        # The library's own close fails when not all was read, and is called again when it is freed.
        io.IOBase.close(self.decryptor)
        super().close()

    def readinto(self, buffer: Any) -> int:
        part = self._checked(lambda: self.decryptor.read(len(buffer)))
        buffer[: len(part)] = part
        return len(part)

    def _checked(self, step: Callable[[], Any]) -> Any:
        try:
            return step()
        except AntipodeError:
            self.close()
            raise
        except Exception as error:
            self.close()
            # Of bytes that were changed the library's parser may raise anything.
            raise AntipodeError(
                f"{self.what} is not what was written under this name: it was changed or cut off, "
                f"or its data key is another's ({type(error).__name__}). Restore it."
            ) from error


class _ByObject(CryptoMaterialsManager):  # type: ignore[misc]  # the library is not typed
    """Gives the same data key for what differs in the object's name and source only."""

    def __init__(self, data_keys: Any, check: Callable[[Context], None]) -> None:
        self._data_keys, self._check = data_keys, check

    def get_encryption_materials(self, request: Any) -> Any:
        found = self._data_keys.get_encryption_materials(request=_of_the_data_key(request))
        return EncryptionMaterials(
            algorithm=found.algorithm,
            data_encryption_key=found.data_encryption_key,
            encrypted_data_keys=found.encrypted_data_keys,
            encryption_context=dict(request.encryption_context),
        )

    def decrypt_materials(self, request: Any) -> Any:
        self._check(dict(request.encryption_context))
        return self._data_keys.decrypt_materials(request=_of_the_data_key(request))


class _ByKey(CryptoMaterialsManager):  # type: ignore[misc]  # the library is not typed
    """Has data keys made and opened under the key that the context names."""

    def __init__(self, keyring: Callable[[Context], Any]) -> None:
        self._keyring = keyring

    def get_encryption_materials(self, request: Any) -> Any:
        context = request.encryption_context
        return self._asked(context, lambda of: of.get_encryption_materials(request=request))

    def decrypt_materials(self, request: Any) -> Any:
        context = request.encryption_context
        return self._asked(context, lambda of: of.decrypt_materials(request=request))

    def _asked(self, context: Context, question: Callable[[Any], Any]) -> Any:
        asked = CreateDefaultCryptographicMaterialsManagerInput(keyring=self._keyring(context))
        manager = providers().create_default_cryptographic_materials_manager(asked)
        try:
            return question(CryptoMaterialsManagerFromMPL(manager))
        except Exception as error:
            if not context["key"].startswith("arn:"):
                raise  # a local key was checked before: the message is not what was written
            # The library passes on what KMS said as text only, so that nothing can be told apart.
            raise AntipodeError(
                f"KMS key {context['key']} of tenant {context['tenant']} could not be used: "
                f"{'; '.join(_said(error))}. Check that it is enabled and that these credentials "
                "have kms:GenerateDataKey and kms:Decrypt on it; if so, the object was changed."
            ) from error


def _of_the_data_key(request: Any) -> Any:
    context = {name: request.encryption_context[name] for name in _OF_THE_DATA_KEY}
    return attrs.evolve(request, encryption_context=context)


def _said(error: BaseException) -> list[str]:
    """Return what the innermost of nested errors say."""
    inner = [*error.args, *(getattr(error, "list", None) or ())]
    found = [text for one in inner if isinstance(one, BaseException) for text in _said(one)]
    return found or [str(error).rstrip(".") or type(error).__name__]
