"""Why an import stops, said in one sentence to whoever typed the command."""


class ImportRefused(Exception):
    """Nothing more is written: the message says why."""


class MappingError(ImportRefused):
    """The mapping can't be used: the message names the key."""


class FileError(ImportRefused):
    """A file of the portfolio can't be read."""
