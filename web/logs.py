"""Structured log lines without personal data: only fields that are known to be harmless get through."""

from typing import Any

from django.core.exceptions import DisallowedHost
from pythonjsonlogger.json import JsonFormatter as BaseFormatter

HARMLESS = frozenset({"request_id", "method", "route", "status", "milliseconds", "task", "command", "count"})


class JsonFormatter(BaseFormatter):
    """One JSON object per line: time, level, logger, message, and the harmless extras.

    Django attaches the whole request (with its address, user and form) to some records, and exceptions carry values in
    their messages; neither leaves the process. Of an exception only the type and the places in the code are kept.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, timestamp="at", **kwargs)

    def add_fields(self, log_record: dict[str, Any], record: Any, message_dict: dict[str, Any]) -> None:
        """Fill the object that becomes the line."""
        log_record["at"] = self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")
        log_record["level"] = record.levelname
        log_record["logger"] = record.name
        # The unformatted message: its arguments (an address, a host name somebody typed) are left out.
        log_record["message"] = (
            str(record.msg) if not isinstance(record.msg, BaseException) else type(record.msg).__name__
        )
        log_record |= {name: value for name, value in record.__dict__.items() if name in HARMLESS}
        if record.exc_info and record.exc_info[0] is not None:
            log_record["exception"] = record.exc_info[0].__name__
            if not issubclass(record.exc_info[0], DisallowedHost):
                log_record["where"] = _places(record.exc_info[2])

    def process_log_record(self, log_record: dict[str, Any]) -> dict[str, Any]:
        """Drop the formatted traceback that the base class would add: its last line repeats values."""
        log_record.pop("exc_info", None)
        log_record.pop("stack_info", None)
        return log_record


def _places(traceback: Any) -> list[str]:
    """List where in the code an exception passed, outermost first, as file:line function."""
    places = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{traceback.tb_lineno} {code.co_qualname}")
        traceback = traceback.tb_next
    return places
