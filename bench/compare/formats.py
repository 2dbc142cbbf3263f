"""The two formats of mixbern, read and written with NumPy alone (docs/formats.md)."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

FloatArray = npt.NDArray[np.float64]
BitArray = npt.NDArray[np.uint8]

_TYPE_NAMES = {"<f8": "F64", "<u8": "U64", "<i8": "I64", "<u4": "U32"}
_TYPES = {name: code for code, name in _TYPE_NAMES.items()}


@dataclass(frozen=True)
class Start:
    """First parameters of a fit: K weights, K x D probabilities."""

    weights: FloatArray
    probabilities: FloatArray


def _write(path: Path, metadata: dict[str, str], tensors: dict[str, npt.NDArray[Any]]) -> None:
    header: dict[str, object] = {"__metadata__": metadata}
    end = 0
    for name, tensor in tensors.items():
        begin, end = end, end + tensor.nbytes
        header[name] = {
            "dtype": _TYPE_NAMES[tensor.dtype.str],
            "shape": list(tensor.shape),
            "data_offsets": [begin, end],
        }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    partial = path.with_name(path.name + ".tmp")
    with partial.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for tensor in tensors.values():
            np.ascontiguousarray(tensor).tofile(file)
    partial.replace(path)


def _header(raw: bytes) -> tuple[dict[str, Any], int]:
    end = 8 + int.from_bytes(raw[:8], "little")
    return json.loads(raw[8:end]), end


def _read(path: Path) -> tuple[dict[str, str], dict[str, npt.NDArray[Any]]]:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    header, begin = _header(raw)
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        tensors[name] = np.frombuffer(raw[begin + first : begin + last], _TYPES[entry["dtype"]]).reshape(entry["shape"])
    return metadata, tensors


def pack(bits: BitArray) -> npt.NDArray[np.uint64]:
    """Rows of cells 0 and 1 as rows of 64-bit words, the first cell in the lowest bit."""
    n_rows, n_features = bits.shape
    packed = np.zeros((n_rows, (n_features + 63) // 64 * 8), np.uint8)
    packed[:, : (n_features + 7) // 8] = np.packbits(bits, axis=1, bitorder="little")
    return packed.view("<u8")


def _data_metadata(n_features: int) -> dict[str, str]:
    return {"format": "mixbern-data", "format_version": "1", "n_features": str(n_features)}


def write_bits(path: Path, bits: BitArray) -> None:
    """Dense packed data."""
    _write(path, _data_metadata(bits.shape[1]), {"rows": pack(bits)})


def write_sparse(path: Path, rows: sparse.csr_array) -> None:
    """Sparse packed data; the columns of each row must ascend."""
    tensors = {"offsets": rows.indptr.astype("<u8"), "columns": rows.indices.astype("<u4")}
    _write(path, _data_metadata(rows.shape[1]), tensors)


def read_bits(path: Path, n_rows: int | None = None) -> BitArray:
    """Cells 0 and 1, N x D, of the first n_rows rows (all) of packed data, dense or sparse."""
    metadata, tensors = _read(path)
    if "rows" not in tensors:
        return np.asarray(read_sparse(path, n_rows).toarray(), np.uint8)
    bits: BitArray = np.unpackbits(
        tensors["rows"][:n_rows].view("u1"), axis=1, bitorder="little", count=int(metadata["n_features"])
    )
    return bits


def read_sparse(path: Path, n_rows: int | None = None) -> sparse.csr_array:
    """The same as a CSR matrix of bytes."""
    metadata, tensors = _read(path)
    if "rows" in tensors:
        return sparse.csr_array(read_bits(path, n_rows))
    offsets = tensors["offsets"][: None if n_rows is None else n_rows + 1].astype(np.int64)
    columns = tensors["columns"][: offsets[-1]].astype(np.int32)
    shape = (len(offsets) - 1, int(metadata["n_features"]))
    return sparse.csr_array((np.ones(len(columns), np.uint8), columns, offsets), shape=shape)


def shape(path: Path) -> tuple[int, int]:
    """Rows and features of packed data, from the head of the file alone."""
    with path.open("rb") as file:
        size = file.read(8)
        header, _ = _header(size + file.read(int.from_bytes(size, "little")))
    n_rows = header["rows"]["shape"][0] if "rows" in header else header["offsets"]["shape"][0] - 1
    return n_rows, int(header["__metadata__"]["n_features"])


def write_start(path: Path, start: Start) -> None:
    """A model file, for --init-model and for the rivals."""
    metadata = {"format": "mixbern-model", "format_version": "1", "n_features": str(start.probabilities.shape[1])}
    _write(path, metadata, {"weights": start.weights, "probabilities": start.probabilities})


def read_start(path: Path) -> Start:
    """Weights and probabilities of a model file."""
    tensors = _read(path)[1]
    return Start(tensors["weights"], tensors["probabilities"])
