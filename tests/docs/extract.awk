# awk -v out=<folder> -f extract.awk <document>…: the code of the documents as sources that compile.
#
# Each ```cpp block follows, on the line above, a comment that says what it is (nothing else is accepted):
#   <!-- compile -->                  declarations, in a namespace of their own
#   <!-- compile: story -->           declarations; blocks of one story, in one document, see what was said before
#   <!-- compile: global -->          declarations outside of namespaces (specialisations)
#   <!-- fragment (T& x) -->          statements, in a coroutine with these parameters that returns task<>
#   <!-- fragment: story (T& x) -> R -->     the same in a story; with a result, so that the statements return
#   <!-- file: path -->               a whole file, of any language; a second block with this path continues it
#   <!-- given: story                 declarations that readers need not see, up to the line -->
# Blocks of other languages need no comment. Writes <out>/<document>.cpp and <out>/<document>/<path>. Problems (blocks
# without comment, links to files that are not there) go to stdout, and the exit status is 1 then.

function problem(text) {
  print FILENAME ":" FNR ": " text
  problems++
}

function finish_document(   i) {
  if (document == "") return
  if (fence != "") {
    print file ": the last block has no end"
    problems++
  }
  if (body != "") {
    printf "// From %s.\n#include \"prelude.hpp\"\n%s\n%s", file, includes, body > (out "/" document ".cpp")
    close(out "/" document ".cpp")
  }
}

function start_document() {
  finish_document()
  file = FILENAME
  document = FILENAME
  sub(/\.md$/, "", document)
  sub(/^docs\//, "", document)
  gsub(/[^A-Za-z0-9_]/, "_", document)
  document = tolower(document)
  includes = body = marker = fence = ""
  in_given = blocks = 0
  folder = FILENAME
  if (!sub(/\/[^\/]*$/, "/", folder)) folder = ""
}

function at_line() { return "#line " FNR + 1 " \"" FILENAME "\"\n" }

function namespace_of(story) {
  if (story == "global") return ""
  if (story == "") story = "block_" blocks
  return "doc_" document "::" story
}

function open_block(   rest, path, story, parameters, result) {
  blocks++
  closing = ""
  path = ""
  if (marker ~ /^file: /) {
    path = substr(marker, 7)
    target = out "/" document "/" path
    rest = target
    sub(/\/[^\/]*$/, "", rest)
    system("mkdir -p '" rest "'")
    if (!(target in written)) {
      printf "" > target
      close(target)
      written[target] = 1
    }
    return "file"
  }
  if (marker ~ /^(compile|given)(: [a-z0-9_]+)?$/) {
    story = marker
    if (!sub(/^[a-z]+: /, "", story)) story = ""
    story = namespace_of(story)
    if (story != "") {
      body = body "namespace " story " {\n"
      closing = "}  // namespace " story "\n"
    }
    body = body at_line()
    return "compile"
  }
  if (marker ~ /^fragment(: [a-z0-9_]+)?( \(.*\))?( -> .*)?$/) {
    result = "nest::task<>"
    if (match(marker, / -> .*$/)) {
      result = substr(marker, RSTART + 4)
      marker = substr(marker, 1, RSTART - 1)
    }
    parameters = "()"
    if (match(marker, / \(.*\)$/)) {
      parameters = substr(marker, RSTART + 1)
      marker = substr(marker, 1, RSTART - 1)
    }
    story = marker
    if (!sub(/^[a-z]+: /, "", story)) story = ""
    story = namespace_of(story)
    body = body "namespace " story " {\n[[maybe_unused]] " result " fragment_" blocks parameters " {\n" at_line()
    closing = (result == "nest::task<>" ? "co_return;\n" : "") "}\n}  // namespace " story "\n"
    return "compile"
  }
  problem(marker == "" ? "this block needs a comment above it that says how it compiles, see tests/docs/extract.awk" \
                       : "unknown comment '" marker "', see tests/docs/extract.awk")
  return "text"
}

function take_line(line) {
  if (fence == "file") {
    print line >> target
  } else if (fence == "compile") {
    if (line ~ /^#include /) {
      includes = includes line "\n"
      body = body "\n"
    } else {
      body = body line "\n"
    }
  }
}

function close_block() {
  if (fence == "file") close(target)
  body = body closing
  fence = closing = ""
}

function check_links(line,   rest, target_file, seen) {
  rest = line
  while (match(rest, /\]\([^)]*\)/)) {
    target_file = substr(rest, RSTART + 2, RLENGTH - 3)
    rest = substr(rest, RSTART + RLENGTH)
    if (target_file ~ /^(https?:|#)/) continue
    sub(/#.*$/, "", target_file)
    if (system("test -e '" folder target_file "'") != 0) problem("there is no " folder target_file)
  }
}

BEGIN { system("mkdir -p '" out "'") }

FNR == 1 { start_document() }

fence != "" && /^```[ \t]*$/ && !in_given { close_block(); next }
in_given && /^-->$/ { in_given = 0; close_block(); next }
fence != "" { take_line($0); next }

/^<!-- given(: [a-z0-9_]+)?$/ {
  marker = substr($0, 6)
  fence = open_block()
  in_given = 1
  marker = ""
  next
}
/^<!-- .* -->$/ {
  marker = substr($0, 6, length($0) - 9)
  next
}
/^```/ {
  language = substr($0, 4)
  if (language == "") problem("a block needs its language: cpp, ts, sh, text, …")
  if (language ~ /^(c\+\+|cc|cxx|C\+\+)$/) problem("C++ blocks are marked cpp")
  fence = language == "cpp" || marker ~ /^file: / ? open_block() : "text"
  marker = ""
  next
}
{
  check_links($0)
  marker = ""
}

END {
  finish_document()
  exit problems > 0
}
