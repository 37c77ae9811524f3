"""Scenarios, tables and graphs with something wrong in them, by a seeded generator."""

import copy
import json
import math

WRONG = (
    *(None, True, 0, -1, 3.5, -0.0, 1e-320, 1e308, 10**30, 10**400, 2**63, math.nan),
    *(math.inf, "", " ", "9", "nan", "\0", "\ud800", "β" * 300, "x" * 20_000, "\n\t"),
    *([], [[]], [1], [[1, 2], [3]], [[1e400]], [[10**400]], [["1"]], [[None]], [{}]),
    *({}, {"kind": ""}, {"kind": None}, {"kind": "file"}, {"kind": []}, {"": 1}),
    *({"kind": "explicit"}, {"x": {"y": {"z": 1}}}, [[1.0] * 200 for _ in range(200)]),
)
PATHS = (
    *("/dev/zero", "/dev/null", "/", "/etc/passwd", "~", "~nosuchuser/x.csv", "asset:"),
    *("../../../../etc/passwd", "asset:../../etc/passwd", "asset:words.npz", "\0.csv"),
    *("a" * 300 + ".csv", "a/" * 3000 + "x.csv", "\ud800.csv", "/proc/self/environ"),
    *("//host/share/x.npy", "http://127.0.0.1:9/x.csv", "-", ".", " ", "CON"),
    *(
        "good.csv",
        "edges.csv",
        "good.npz",
        "good.npy",
        "pipe.csv",
        "zero.csv",
        "loop.csv",
    ),
)
FILES = (
    (("initial",), "file"),
    (("dynamics", "heads", "value"), "file"),
    (("dynamics", "heads", "masses"), "file"),
    (("dynamics", "heads", "mask"), "graph"),
    (("dynamics", "graph"), "file"),
)
CELLS = (
    *("", " ", "nan", "inf", "-", "NA", "1e999", "1_0", "0x1F", "1,5", "1.5", "1.2.3"),
    *(
        '"',
        '""',
        '"a',
        'a"',
        "#",
        "\t",
        ";",
        ",",
        "|",
        "[1, 2]",
        "{}",
        "½",
        "−1",
        "\x1e",
    ),
    *("9" * 400, "1" * 5000, "١٢", "true", "null", "'", "\x85", "\u2028", "\ufeff"),
    *("{'weight': 1}", "{'weight': [", "sep=;", "3 4", "\x1f", "\r", "(" * 2000),
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "utf-7")


def places(data, path=()):
    """Return the paths of everything below `data`."""
    items = data.items() if isinstance(data, dict) else ()
    items = enumerate(data) if isinstance(data, list) else items
    found = []
    for key, value in items:
        found += [(*path, key), *places(value, (*path, key))]
    return found


def mutated_scenario(data, rng):
    """Return plain data with one to four things wrong."""
    data = copy.deepcopy(data)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        spots = places(data)
        if not spots:
            break
        *way, key = rng.choice(spots)
        owner = data
        for step in way:
            owner = owner[step]
        move = rng.randrange(8)
        if move <= 2:
            owner[key] = copy.deepcopy(rng.choice(WRONG))
        elif move == 3 and isinstance(owner, dict):
            del owner[key]
        elif move == 4 and isinstance(owner, dict):
            owner[rng.choice(("", "Kind", "β", f"{key}s", "look"))] = rng.choice(WRONG)
        elif move == 5:
            owner[key] = str(owner[key]) if rng.random() < 0.5 else [owner[key]]
        elif move == 6:
            for _ in range(rng.choice((1, 5, 60, 300))):
                owner[key] = (
                    {"kind": owner[key]} if rng.random() < 0.5 else [owner[key]]
                )
        else:
            _name_file(data, rng)
    return data


def _name_file(data, rng):
    """Let a part of a scenario be read from some file."""
    way, kind = rng.choice(FILES)
    if way == ("dynamics", "graph"):
        data["dynamics"] = {"kind": rng.choice(("bracket", "grand", "gat"))}
    here = data
    for name in way[:-1]:
        if not isinstance(here.get(name), dict):
            here[name] = {}
        here = here[name]
    part = {"kind": kind, "path": rng.choice(PATHS)}
    if way == ("initial",) and rng.random() < 0.3:
        part["columns"] = rng.choice(
            ("coordinates=1-2", "name=1", "coordinates=9", "x")
        )
    here[way[-1]] = part


def broken_text(text, rng):
    """Return the bytes of JSON that was damaged as text."""
    raw = text.encode("utf-8", "surrogatepass")
    cut = rng.randrange(max(1, len(raw)))
    depth = rng.choice((60, 500, 1500, 100_000))
    digits = "9" * rng.choice((20, 400, 4301, 50_000))
    return rng.choice(
        (
            raw[:cut],
            raw[:cut] + bytes([rng.randrange(256)]) + raw[cut + 1 :],
            raw[:cut]
            + rng.choice((b"\0", b"\xff\xfe", b"NaN", b"-", b"//"))
            + raw[cut:],
            text.encode(rng.choice(ENCODINGS), "replace"),
            b"[" * depth + b"]" * depth,
            b'{"look":' * depth + b"1" + b"}" * depth,
            f'{{"format":1,"tokens":{digits}}}'.encode(),
            raw.replace(b'"format": 1', b'"format": 1e400', 1),
            rng.randbytes(rng.choice((1, 10, 1000))),
            b"",
            raw + raw,
        )
    )


def scenario(shipped, rng):
    """Return the bytes of a scenario's file with something wrong."""
    base = rng.choice(shipped)
    text = json.dumps(base, indent=2, ensure_ascii=rng.random() < 0.5)
    if rng.random() < 0.25:
        return broken_text(text, rng)
    data = mutated_scenario(base, rng)
    return json.dumps(data, ensure_ascii=rng.random() < 0.5).encode(
        "utf-8", "surrogatepass"
    )


def table(samples, rng):
    """Return the suffix and the bytes of a table or graph with something wrong."""
    suffix, raw = rng.choice(samples)
    if rng.random() < 0.1:
        suffix = rng.choice((".csv", ".tsv", ".txt", ".npy", ".npz", ".graphml", ".gz"))
    for _ in range(rng.choice((1, 1, 2, 4))):
        raw = _mutated_bytes(raw, rng)
    return suffix, raw


def _mutated_bytes(raw, rng):
    move = rng.randrange(10)
    cut = rng.randrange(max(1, len(raw)))
    if move == 0:
        return raw[:cut]
    if move == 1:
        return raw[:cut] + bytes([rng.randrange(256)]) + raw[cut + 1 :]
    if move == 2:
        end = cut + rng.randrange(50)
        return raw[:end] + raw[cut:]
    if move == 3:
        return (
            raw[:cut]
            + rng.choice((b"\0", b"\r", b"\xff", b'"', b"\n\n", b"#"))
            + raw[cut:]
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw[:cut] + rng.randbytes(4) + raw[cut + 4 :]
    if move == 4:
        return text.encode(rng.choice(ENCODINGS), "replace")
    return _mutated_text(text, rng, move).encode("utf-8", "replace")


def _mutated_text(text, rng, move):
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    separator = next((s for s in ";\t|," if s in lines[at]), " ")
    cells = lines[at].split(separator)
    if move == 5:
        cells[rng.randrange(len(cells))] = rng.choice(CELLS)
    elif move == 6:
        cells.insert(rng.randrange(len(cells) + 1), rng.choice(CELLS))
    elif move == 7:
        del cells[rng.randrange(len(cells))]
    elif move == 8:
        return text.replace(separator, rng.choice(";\t|, "))
    else:
        column = rng.randrange(len(cells))
        rows = [line.split(separator) for line in lines]
        for row in rows:
            row[column : column + 1] = [rng.choice(CELLS)] if column < len(row) else []
        return "\n".join(separator.join(row) for row in rows)
    lines[at] = separator.join(cells)
    return "\n".join(lines)
