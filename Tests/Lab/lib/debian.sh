# Packages of any Debian release, without touching the machine and without root. To be sourced after cache.sh.

KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# mirror NAME: the first of the machine's own package sites that ends in it, otherwise Debian's own (Ubuntu has none).
# LAB_DEBIAN_MIRROR and LAB_DEBIAN_SECURITY_MIRROR name others.
mirror() {
    apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m 1 -E "/$1/?$" ||
        echo "http://deb.debian.org/$1"
}
debian_mirror() {
    echo "${LAB_DEBIAN_MIRROR:-$(mirror debian)}"
}
debian_security_mirror() {
    echo "${LAB_DEBIAN_SECURITY_MIRROR:-$(mirror debian-security)}"
}

# private_apt FOLDER SOURCE...: sets APT to an apt-get with state and sources of its own, and fetches its lists.
# A source is a line of sources.list with KEY where the signature's key belongs.
private_apt() {
    local folder=$1
    shift
    [ -r "$KEYRING" ] || fail "no $KEYRING: install debian-archive-keyring"
    mkdir -p "$folder"/{lists,archives}/partial
    : >"$folder/status"
    printf '%s\n' "${@//KEY/[signed-by=$KEYRING]}" >"$folder/sources.list"
    # A mirror that has stood still for a while will do: what it has is signed, and nothing here faces the world.
    APT=(apt-get -qq -o Acquire::Check-Valid-Until=false -o Acquire::Retries=3 -o APT::Sandbox::User=
        -o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o "Dir::State::status=$folder/status" -o "Dir::State::Lists=$folder/lists" -o "Dir::Cache=$folder")
    "${APT[@]}" update
}

# unpack FOLDER SUITE PACKAGE...: unpacks the packages of a release (sid, trixie, bookworm) into the folder.
unpack() {
    local folder=$1 suite=$2 apt
    shift 2
    apt=$(mktemp -d)
    private_apt "$apt" "deb KEY $(debian_mirror) $suite main"
    (cd "$apt/archives" && "${APT[@]}" download "$@")
    for package in "$apt"/archives/*.deb; do dpkg-deb -x "$package" "$folder"; done
    rm -rf "$apt"
}
