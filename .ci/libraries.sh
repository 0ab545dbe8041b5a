#!/usr/bin/env bash
# The drawing library loads libEGL and libGL even though it draws on the CPU alone. Desktops have them;
# bare servers don't. Installs them where that can be done without asking, else says what to type.
set -eu

have() { ldconfig -p 2>/dev/null | grep -q "$1" || [ "$(uname)" != Linux ]; }

if have libEGL.so.1 && have libGL.so.1; then
  exit 0
fi
command="apt-get install --yes --no-install-recommends libegl1 libgl1"
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "Installing libegl1 and libgl1 ..."
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive $command -qq; } >/dev/null
elif command -v apt-get >/dev/null && command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  echo "Installing libegl1 and libgl1 ..."
  { sudo apt-get update -qq && sudo DEBIAN_FRONTEND=noninteractive $command -qq; } >/dev/null
else
  echo "Two system libraries are missing. Please type:  sudo $command" >&2
  echo "(elsewhere: the packages that hold libEGL.so.1 and libGL.so.1)" >&2
  exit 1
fi
