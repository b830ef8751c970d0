# Sourced by ./imprimatur and ./mvnw: sets JAVA_HOME to a JDK 25, or says what to install and stops.
# The first that fits wins: JAVA_HOME, java on the PATH, the system's JVM folders, SDKMAN's, asdf's, mise's and Gradle's.

jdk25_fits() {
  # The release file answers without starting a JVM. A runtime without javac is no help: we compile.
  [ -n "$1" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release"
}

jdk25_find() {
  if jdk25_fits "${JAVA_HOME-}"; then
    printf '%s\n' "$JAVA_HOME"
    return 0
  fi
  on_path=$(command -v javac 2>/dev/null || true)
  if [ -n "$on_path" ]; then
    on_path=$(readlink -f "$on_path" 2>/dev/null || printf '%s' "$on_path")
    on_path=${on_path%/bin/javac}
  fi
  # Globbing is what finds the folders, and mvnw runs with it switched off.
  case $- in *f*) globbing_off=1 ;; *) globbing_off= ;; esac
  set +f
  for jdk in "$on_path" /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* "${ASDF_DATA_DIR:-$HOME/.asdf}"/installs/java/* \
    "$HOME"/.local/share/mise/installs/java/* "${GRADLE_USER_HOME:-$HOME/.gradle}"/jdks/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home; do
    if jdk25_fits "$jdk"; then
      printf '%s\n' "$jdk"
      [ -z "$globbing_off" ] || set -f
      return 0
    fi
  done
  [ -z "$globbing_off" ] || set -f
  return 1
}

if ! JAVA_HOME=$(jdk25_find); then
  echo "imprimatur: no JDK 25 found: install one (Debian: temurin-25-jdk or openjdk-25-jdk; macOS: brew install openjdk@25; SDKMAN: sdk install java 25-tem) or point JAVA_HOME at it" >&2
  exit 69
fi
export JAVA_HOME
