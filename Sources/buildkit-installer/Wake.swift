import ArgumentParser
import Installer

/// `buildkit-installer wake`: BuildKit's pod comes again, and builds that wait go on.
struct Wake: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Wake BuildKit, and wait until it is ready.")

    @OptionGroup var options: ScaleOptions

    func run() async throws { try await options.scale(.wake) }
}
