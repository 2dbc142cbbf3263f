"""Which file may include which: the layers of ARCHITECTURE.md, read from the #include lines."""

import re
from pathlib import Path

# Each layer may include itself and what stands before it.
LAYERS = ["base", "kernels", "data", "model", "score", "sums", "em", "init", "stats", "select", "io", "report", "apps"]

# The layer whose sources define what a part of a public header declares. The headers themselves gather parts for users.
PUBLIC_HEADERS = {f"{name}.hpp" for name in ("mixbern", "fit", "dataset", "mixture", "select", "statistics", "io", "report", "kernels")}
PARTS_OF_HEADERS = {
    "kernels/kernels.hpp": "kernels",
    "dataset/row_ids.hpp": "data",
    "dataset/rows.hpp": "data",
    "dataset/class_sets.hpp": "data",
    "dataset/items.hpp": "data",
    "dataset/dataset.hpp": "data",
    "dataset/weights.hpp": "data",
    "mixture/constraints.hpp": "model",
    "mixture/fixed.hpp": "model",
    "mixture/mixture.hpp": "model",
    "mixture/posterior.hpp": "score",
    "kernels/ways.hpp": "sums",
    "fit/em.hpp": "em",
    "fit/watch.hpp": "em",
    "fit/estimation.hpp": "em",
    "fit/partial_sums.hpp": "em",
    "fit/init.hpp": "init",
    "statistics/agreement.hpp": "stats",
    "statistics/criteria.hpp": "stats",
    "statistics/goodness_of_fit.hpp": "stats",
    "statistics/likelihood_ratio.hpp": "stats",
    "statistics/relate.hpp": "stats",
    "statistics/standard_errors.hpp": "stats",
    "statistics/survey.hpp": "stats",
    "fit/fit.hpp": "select",
    "select/bootstrap.hpp": "select",
    "select/cross_validation.hpp": "select",
    "fit/checkpoint.hpp": "select",
    "fit/federated.hpp": "select",
    "fit/groups.hpp": "select",
    "fit/group_bootstrap.hpp": "select",
    "fit/group_statistics.hpp": "select",
    "select/grouped.hpp": "select",
    "select/optima.hpp": "select",
    "statistics/replicates.hpp": "select",
    "select/selection.hpp": "select",
    "select/smoothing.hpp": "select",
    "kernels/version.hpp": "select",
    "io/answers.hpp": "io",
    "io/columns.hpp": "io",
    "io/constraints.hpp": "io",
    "io/error.hpp": "io",
    "io/io.hpp": "io",
    "report/groups.hpp": "report",
    "report/json.hpp": "report",
    "report/report.hpp": "report",
    "io/table.hpp": "io",
}

INTRINSICS = re.compile(r"(\w*mmintrin|\w*intrin|arm_neon|arm_sve|arm_acle|altivec)\.h")
INSTRUCTION_SET = re.compile(r"(sse|avx|amx|neon|sve|vsx)")
FIXED_WIDTH = {"cstdint", "stdint.h", "cstddef", "stddef.h"}
# The second has templates alone, for types of the including file.
OF_INSTRUCTION_SETS = {
    f"kernels/{name}.hpp" for name in ("kernel_table", "codes", "tables", "responsibilities", "sums", "series", "vectors", "vector_series", "code_sums", "candidate_rows", "bit_counters", "candidate_softmax", "avx2_orders", "x86", "avx512_masks", "neon", "neon_masks")
}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def sources(folder):
    return sorted(p for p in folder.rglob("*") if p.suffix in {".hpp", ".cpp", ".h", ".cc", ".inc"})


def includes(path):
    """(is quoted, name) of each include line."""
    return [(quote == '"', name) for quote, name in INCLUDE.findall(path.read_text(encoding="utf-8"))]


def layer_of(path, root):
    parts = path.relative_to(root).parts
    if parts[0] == "include":
        part = "/".join(parts[2:])
        return "apps" if part in PUBLIC_HEADERS else PARTS_OF_HEADERS.get(part)
    return "apps" if parts[0] == "apps" else parts[1]


def resolve(name, path, root):
    """The project's file that `name` in `path` means; None for a file of the system."""
    candidates = [root / "include" / name]
    if path.is_relative_to(root / "apps"):
        candidates += [path.parent / name, root / "apps" / "mixbern" / name]
    elif path.is_relative_to(root / "src"):
        candidates += [root / "src" / name, path.parent / name]
    return next((c.resolve() for c in candidates if c.is_file()), None)


def violations(root):
    """One line for each include that breaks a rule; empty if all is well."""
    root = Path(root).resolve()
    found = []
    files = [f for folder in ("include", "src", "apps") for f in sources(root / folder)]
    for path in files:
        layer = layer_of(path, root)
        where = path.relative_to(root)
        if layer not in LAYERS:
            found.append(f"{where}: belongs to no layer; name it in {Path(__file__).name}")
            continue
        for quoted, name in includes(path):
            found += [f"{where}: {problem}" for problem in include_problems(path, layer, quoted, name, root)]
        if layer == "kernels" and is_instruction_set_file(path):
            found += [f"{where}: {problem}" for problem in instruction_set_problems(path)]
    return found


def include_problems(path, layer, quoted, name, root):
    if INTRINSICS.fullmatch(name) and layer != "kernels":
        yield f"includes {name}; intrinsics belong into src/kernels"
    target = resolve(name, path, root)
    if target is None:
        if quoted:
            yield f'includes "{name}", which is not in include/ or a layer it may see'
        return
    target_layer = layer_of(target, root)
    if target_layer not in LAYERS:
        yield f"includes {name}, which belongs to no layer"
    elif LAYERS.index(target_layer) > LAYERS.index(layer):
        yield f"{layer} includes {name} of {target_layer}, which stands above it"
    if path.is_relative_to(root / "include") and not target.is_relative_to(root / "include"):
        yield f"a public header includes {name}, which is not installed"


def is_instruction_set_file(path):
    return path.suffix == ".cpp" and (
        INSTRUCTION_SET.search(path.stem) is not None or any(INTRINSICS.fullmatch(n) for _, n in includes(path))
    )


def instruction_set_problems(path):
    """Anything else could bring in an inline function built for a processor that the caller does not have."""
    for _, name in includes(path):
        if not (INTRINSICS.fullmatch(name) or name in FIXED_WIDTH or name in OF_INSTRUCTION_SETS):
            yield f"an instruction-set file includes {name}"
