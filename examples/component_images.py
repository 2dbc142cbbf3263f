"""Draws the components of an image model as one picture: component_images.py MODEL.safetensors OUT.png

Shows how to read a model file without mixbern. The format is described in docs/formats.md.
"""

import json
import struct
import sys
import zlib

import numpy as np

SCALE = 4  # pixels of the picture a pixel of the image
GAP = 8
COLUMNS = 5


def read_model(path):
    """(metadata, weights [K], probabilities [K, D])."""
    with open(path, "rb") as file:
        (header_size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(header_size))
        body = file.read()

    def tensor(name):
        begin, end = header[name]["data_offsets"]
        return np.frombuffer(body[begin:end], "<f8").reshape(header[name]["shape"])

    return header["__metadata__"], tensor("weights"), tensor("probabilities")


def grid(images):
    """One grey picture of K images, five in a row; 1 is black."""
    k, height, width = images.shape
    rows = -(-k // COLUMNS)
    picture = np.zeros((rows * (height * SCALE + GAP) - GAP, COLUMNS * (width * SCALE + GAP) - GAP))
    for i, image in enumerate(images):
        y, x = i // COLUMNS * (height * SCALE + GAP), i % COLUMNS * (width * SCALE + GAP)
        picture[y : y + height * SCALE, x : x + width * SCALE] = np.kron(image, np.ones((SCALE, SCALE)))
    return np.round(255 * (1 - picture)).astype(np.uint8)


def write_png(path, grey):
    def chunk(kind, content):
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    height, width = grey.shape
    lines = np.hstack([np.zeros((height, 1), np.uint8), grey])  # 0: no filter
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        file.write(chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)))
        file.write(chunk(b"IDAT", zlib.compress(lines.tobytes(), 9)))
        file.write(chunk(b"IEND", b""))


def main(model, out):
    metadata, weights, probabilities = read_model(model)
    height, width = (int(side) for side in metadata["shape"].split("x"))
    order = np.argsort(-weights, kind="stable")
    write_png(out, grid(probabilities[order].reshape(-1, height, width)))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: component_images.py MODEL.safetensors OUT.png")
    main(*sys.argv[1:])
