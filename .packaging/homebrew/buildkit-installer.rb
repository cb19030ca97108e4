# A template: `.packaging/formula` fills in what is between @ signs.
class BuildkitInstaller < Formula
  desc "Deploy a shared BuildKit on Kubernetes behind mutual TLS"
  homepage "@REPOSITORY@"
  version "@VERSION@"
  license "Apache-2.0"

  on_macos do
    # Earlier systems lack a part of Swift's runtime.
    depends_on macos: :tahoe

    on_arm do
      url "@REPOSITORY@/releases/download/v@VERSION@/buildkit-installer-@VERSION@-macos-aarch64.tar.gz"
      sha256 "@SHA256 macos-aarch64@"
    end
    on_intel do
      url "@REPOSITORY@/releases/download/v@VERSION@/buildkit-installer-@VERSION@-macos-x86_64.tar.gz"
      sha256 "@SHA256 macos-x86_64@"
    end
  end

  on_linux do
    on_arm do
      url "@REPOSITORY@/releases/download/v@VERSION@/buildkit-installer-@VERSION@-linux-aarch64.tar.gz"
      sha256 "@SHA256 linux-aarch64@"
    end
    on_intel do
      url "@REPOSITORY@/releases/download/v@VERSION@/buildkit-installer-@VERSION@-linux-x86_64.tar.gz"
      sha256 "@SHA256 linux-x86_64@"
    end
  end

  def install
    bin.install "buildkit-installer"
    man1.install "man/man1/buildkit-installer.1"
    bash_completion.install "completions/buildkit-installer.bash" => "buildkit-installer"
    fish_completion.install "completions/buildkit-installer.fish"
    zsh_completion.install "completions/_buildkit-installer"
    doc.install "docs"
    pkgshare.install "licenses"
  end

  test do
    assert_match "buildkit-installer #{version}", shell_output("#{bin}/buildkit-installer --version")
  end
end
