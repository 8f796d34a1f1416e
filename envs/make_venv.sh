#!/usr/bin/env bash
# Make a virtual environment with a Python that oneclone supports, and check beforehand that
# mappy can be compiled in it. Usage: make_venv.sh FOLDER
set -euo pipefail

folder=$1
supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))'

python=""
for candidate in "${PYTHON:-}" python3 python3.12 python3.11; do
    if [ -n "$candidate" ] && "$candidate" -c "$supported" 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "oneclone needs Python 3.11 or 3.12, and none of python3, python3.12, python3.11 is one." >&2
    echo "Install it (Debian 12: apt install python3 python3-venv) or name it: make demo PYTHON=/path/to/python3.12" >&2
    exit 1
fi

headers=$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')
probe=$(mktemp -d)
trap 'rm -rf "$probe"' EXIT
printf '#include <Python.h>\n#include <zlib.h>\nint main(void) { return 0; }\n' >"$probe/probe.c"
if ! "${CC:-cc}" -I"$headers" -c "$probe/probe.c" -o "$probe/probe.o" 2>"$probe/why"; then
    echo "mappy (minimap2) has to be compiled, and a C compiler, the headers of zlib or those of Python are missing:" >&2
    sed 's/^/    /' "$probe/why" >&2
    echo "Install them:" >&2
    echo "    Debian, Ubuntu    apt install gcc zlib1g-dev python3-dev" >&2
    echo "    Fedora, Rocky     dnf install gcc zlib-devel python3-devel" >&2
    echo "    macOS             xcode-select --install" >&2
    exit 1
fi

if ! "$python" -m venv "$folder"; then
    echo "The virtual environment could not be made. Debian, Ubuntu: apt install python3-venv" >&2
    exit 1
fi
