# shellcheck shell=bash
# Sourced after common.sh and packages.sh: Node.js for the tests that talk to a real NestJS.

interop_dir=$root/tests/interop
# What npm installs: NestJS 11 for all tests, NestJS 12 beside it, and what looks at the services' documents.
peer_dirs=("$interop_dir" "$interop_dir/nest12" "$interop_dir/documents" "$interop_dir/browser")
own_node=$root/build/tools/node_modules/node/bin/node

node_major() { "$1" --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p'; }

node_is_fit() {
  local major
  major=$(node_major "$1") && [ -n "$major" ] && [ "$major" -ge 20 ]
}

# install_node: nothing where node >= 20 and npm are on the path; else Debian's, whose npm can fetch a newer node.
install_node() {
  [ -f "$interop_dir/package.json" ] || return 0
  if have npm && have node; then return 0; fi
  if have node; then install_needs npm; else install_needs 'nodejs npm'; fi
}

# fetch_swagger_ui: the page at a service's /api, where npm can have it; without it the page says that it is missing.
fetch_swagger_ui() {
  local from=$root/cmake/swagger-ui to=$root/build/swagger-ui
  have npm || return 0
  cmp -s "$from/package-lock.json" "$to/node_modules/.nestcpp-lock" && return 0
  say "fetching Swagger UI (npm ci in build/swagger-ui)"
  mkdir -p "$to"
  cp "$from"/package*.json "$to"
  if (cd "$to" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null); then
    cp "$from/package-lock.json" "$to/node_modules/.nestcpp-lock"
  else
    say "Swagger UI cannot be had here: /api will say so"
  fi
}

# fetch_interop: what the tests need of npm, under a lock of the caller's.
fetch_interop() {
  have npm || die "the interoperation tests need Node.js >= 20 with npm"
  if ! node_is_fit node && ! node_is_fit "$own_node"; then
    say "node $(node --version) is too old for NestJS 11: taking npm's node@20 into build/tools"
    mkdir -p "$root/build/tools"
    npm install --prefix "$root/build/tools" --no-audit --no-fund --loglevel=error node@20 </dev/null
  fi
  local dir stamp
  for dir in "${peer_dirs[@]}"; do
    stamp=$dir/node_modules/.nestcpp-lock
    cmp -s "$dir/package-lock.json" "$stamp" && continue
    say "installing the NestJS peers (npm ci in ${dir#"$root/"})"
    (cd "$dir" && npm ci --no-audit --no-fund --loglevel=error </dev/null)
    cp "$dir/package-lock.json" "$stamp"
  done
}

# prepare_interop: sets NESTCPP_TEST_NODE to a node >= 20, with the peers' packages in place.
prepare_interop() {
  [ -f "$interop_dir/package.json" ] || return 0
  with_lock "$root/build/.interop.lock" fetch_interop
  if node_is_fit node; then NESTCPP_TEST_NODE=$(command -v node); else NESTCPP_TEST_NODE=$own_node; fi
  export NESTCPP_TEST_NODE
}
