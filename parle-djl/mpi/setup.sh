#!/usr/bin/env bash
# setup.sh: prepares the MPI half of the build: Open MPI itself, where apt and root are there, and
# the Java half of its bindings as a Maven repository in parle-djl/mpi/repository (ignored by git).
# Debian and Ubuntu package only the native half: there mpi.jar is compiled from the distribution's
# own source package and checked against the JNI headers that it ships.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

fail() {
    echo "mpi/setup.sh: $*" >&2
    exit 1
}

libdir() {
    ompi_info --path libdir --parsable | sed 's/.*://'
}

install() {
    local sudo=()
    command -v apt-get >/dev/null || fail "Open MPI not found; install it (4.1, with Java)"
    [ "$(id -u)" = 0 ] || sudo=(sudo)
    "${sudo[@]}" apt-get update -qq
    "${sudo[@]}" apt-get install -y -qq "$@"
}

# compiles $1/mpi.jar from the source package of the installed version; nothing else is touched
compile_jar() {
    local version headers sources work=$1
    # the library's own package is called otherwise in each distribution
    version=$(dpkg-query -W -f '${source:Version}' libopenmpi-dev 2>/dev/null) ||
        fail "this Open MPI has no mpi.jar; build it with --enable-mpi-java"
    headers=$(dpkg -L libopenmpi-dev | grep '/java/mpi_Comm.h$' | head -n 1 || true)
    [ -n "$headers" ] || fail "libopenmpi-dev has no Java headers to check mpi.jar against"
    headers=${headers%/*}
    # the sources are packed with it, and a small system is without
    command -v xz >/dev/null || install xz-utils
    mkdir -p "$work"/{lists/partial,cache/archives/partial,parts,source,classes,headers}
    # the deb lines apt already uses, read as deb-src, in a private folder
    for sources in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
        case $sources in
            *.sources) sed 's/^Types:.*/Types: deb-src/' "$sources" ;;
            *.list) sed -n 's/^deb /deb-src /p' "$sources" ;;
        esac >"$work/parts/$(basename "$sources")" 2>/dev/null || true
    done
    local apt=(apt-get -qq -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$work/parts"
        -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache" -o Debug::NoLocking=1
        -o "APT::Sandbox::User=$(id -un)")
    "${apt[@]}" update
    (cd "$work/source" && "${apt[@]}" --tar-only source "openmpi=$version")
    tar -xf "$work"/source/openmpi_*.orig.tar.* -C "$work/source" \
        --wildcards '*/ompi/mpi/java/java/*.java'
    javac --release 17 -encoding UTF-8 -nowarn -d "$work/classes" -h "$work/headers" \
        "$work"/source/*/ompi/mpi/java/java/*.java
    for header in "$work"/headers/*.h; do
        cmp -s "$header" "$headers/${header##*/}" ||
            fail "${header##*/} differs from the installed Open MPI's"
    done
    jar --create --file "$work/mpi.jar" --date=2022-01-01T00:00:00Z -C "$work/classes" mpi
}

command -v mpirun >/dev/null || install openmpi-bin libopenmpi-dev
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for found in "$(libdir)/mpi.jar" "$(libdir)/openmpi/lib/mpi.jar"; do
    [ ! -f "$found" ] || cp "$found" "$work/mpi.jar"
done
if [ ! -f "$work/mpi.jar" ]; then
    [ -e "$(libdir)/libmpi_java.so" ] || ldconfig -p | grep -q 'libmpi_java\.so ' ||
        install openmpi-bin libopenmpi-dev
    compile_jar "$work"
fi

# the layout of a Maven repository; the version is ours, since the jar belongs to this machine
mkdir -p "$here/repository/org/open-mpi/mpi/local"
cp "$work/mpi.jar" "$here/repository/org/open-mpi/mpi/local/mpi-local.jar"
cat >"$here/repository/org/open-mpi/mpi/local/mpi-local.pom" <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>org.open-mpi</groupId>
  <artifactId>mpi</artifactId>
  <version>local</version>
</project>
POM

# where the native half lies, for whoever starts java behind a script
library=$(find "$(libdir)" "$(libdir)/openmpi/lib" /usr/lib/*-linux-gnu -maxdepth 1 \
    -name libmpi_java.so 2>/dev/null | head -n 1 || true)
[ -n "$library" ] || fail "libmpi_java.so not found; install libopenmpi-dev"
dirname "$library" >"$here/repository/library"
echo "ready: $here/repository, for $(mpirun --version | head -n 1)"
