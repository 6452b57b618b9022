"""Whether a request is one that AWS takes: held against the service models that botocore ships."""

from typing import Any

import botocore.session
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape
from botocore.validate import ParamValidator


def faults(service: str, operation: str, request: dict[str, Any]) -> list[str]:
    """What is wrong with a request: unknown, missing and mistyped members, and unknown words."""
    model = botocore.session.get_session().get_service_model(service)
    shape = model.operation_model(operation).input_shape
    report = ParamValidator().validate(request, shape).generate_report()
    return [line for line in report.splitlines() if line] + list(_words(shape, request, operation))


def _words(shape: Shape | None, value: Any, where: str) -> list[str]:
    """Texts that are none of those that the model allows, which botocore itself leaves to AWS."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        members = shape.members
        parts = [(members[key], value[key], key) for key in value if key in members]
    elif isinstance(shape, ListShape) and isinstance(value, list):
        parts = [(shape.member, each, str(number)) for number, each in enumerate(value)]
    elif isinstance(shape, MapShape) and isinstance(value, dict):
        parts = [(shape.value, each, key) for key, each in value.items()]
    elif isinstance(shape, StringShape) and shape.enum and value not in shape.enum:
        return [f"{where}: {value!r} is none of {', '.join(shape.enum)}"]
    else:
        return []
    return [fault for part, each, key in parts for fault in _words(part, each, f"{where}.{key}")]
