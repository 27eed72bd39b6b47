# shellcheck shell=bash
# Sourced after common.sh: which packages nestcpp needs, and installing those that are missing.

# One line a need: any of the alternatives will do, and the first one that the system offers is installed.
build_packages='
clang-19|clang-20|clang-18|clang-17|clang-16
libclang-rt-19-dev|libclang-rt-20-dev|libclang-rt-18-dev|libclang-rt-17-dev|libclang-rt-16-dev
lld-19|lld-20|lld-18|lld-17|lld-16
llvm-19|llvm-20|llvm-18|llvm-17|llvm-16
cmake
ninja-build
make
pkg-config|pkgconf
ccache
libboost1.81-dev|libboost1.83-dev|libboost1.88-dev
libboost-json1.81-dev|libboost-json1.83-dev|libboost-json1.88-dev
libcpp-httplib-dev
libpqxx-dev
libsqlite3-dev
libspdlog-dev
libfmt-dev
libsodium-dev
libcurl4-openssl-dev|libcurl4-gnutls-dev
libssl-dev
openssl
zlib1g-dev
prometheus-cpp-dev
libgtest-dev
libgmock-dev
libbenchmark-dev
postgresql
procps
'
format_packages='clang-format-19'
test_packages='chromium
curl'

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

is_offered() { [ -n "$(apt-cache --quiet show "$1" 2>/dev/null)" ]; }

# missing_needs <needs>: those lines of which no alternative is installed.
missing_needs() {
  local need name
  for need in $1; do
    for name in ${need//|/ }; do
      is_installed "$name" && continue 2
    done
    printf '%s\n' "$need"
  done
}

# fetch_promtool: Prometheus' checker of metrics for one test, out of its package, without installing a server.
fetch_promtool() {
  local tools=$root/build/tools folder
  if have promtool || [ -x "$tools/promtool" ] || ! have apt-get || ! have dpkg-deb; then return 0; fi
  say "fetching promtool into build/tools"
  mkdir -p "$tools"
  folder=$(mktemp -d)
  (cd "$folder" && apt-get download -q prometheus >/dev/null 2>&1 &&
    dpkg-deb --fsys-tarfile prometheus_*.deb | tar -xf - -C "$folder" ./usr/bin/promtool &&
    mv usr/bin/promtool "$tools/promtool") || say "promtool cannot be had here"
  rm -rf "$folder"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# install_needs <needs>: does nothing, silently, when all is there.
install_needs() {
  local missing need name names=()
  if ! have apt-get || ! have dpkg-query; then
    return 0
  fi
  missing=$(missing_needs "$1")
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ] && ! have sudo; then
    die "run scripts/setup as root once; missing: $(sed 's/|.*//' <<<"$missing" | tr '\n' ' ')"
  fi

  say "updating the package lists"
  as_root apt-get -qq -o DPkg::Lock::Timeout=600 update </dev/null
  for need in $missing; do
    for name in ${need//|/ }; do
      if is_offered "$name"; then
        names+=("$name")
        continue 2
      fi
    done
    die "this system offers none of: ${need//|/, }"
  done

  say "installing ${names[*]}"
  # A new PostgreSQL would start a server of its own; the tests bring their own instead.
  local no_cluster=/etc/postgresql-common/createcluster.d/nestcpp-setup.conf
  case " ${names[*]} " in
    *" postgresql "*)
      as_root mkdir -p "$(dirname "$no_cluster")"
      echo 'create_main_cluster = false' | as_root tee "$no_cluster" >/dev/null
      ;;
  esac
  local status=0
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 \
    install --no-install-recommends "${names[@]}" </dev/null || status=$?
  as_root rm -f "$no_cluster"
  [ "$status" = 0 ] || die "apt-get install failed"
}

# list_needs <needs>: for people on systems without apt.
list_needs() {
  cat <<'TEXT'
No apt-get here. nestcpp needs, by whatever name this system has them:
  Clang >= 16 (tested: 19) or GCC >= 13, CMake >= 3.22, Ninja, pkg-config; lld and ccache make it faster
  Boost >= 1.81 with JSON, fmt, spdlog, cpp-httplib, libpqxx, SQLite 3, libsodium, OpenSSL 3
  GoogleTest with GoogleMock, Google Benchmark, the PostgreSQL server; Node.js >= 20 with npm for the interoperation tests
In Debian's words:
TEXT
  local need
  for need in $1; do printf '  %s\n' "${need%%|*}"; done
}
