import ArgumentParser
import Installer

/// `buildkit-installer sleep`: BuildKit's pod goes, its cache stays, and builds wait.
struct Sleep: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put BuildKit to sleep until it is woken.",
        discussion: """
            Its pod goes, its cache stays. A build that is started meanwhile waits, as long as the chart's
            proxy.hold says. Where the cluster has KEDA, the chart's builder.sleep does this by itself.
            """)

    @OptionGroup var options: ScaleOptions

    @Flag(name: .long, help: "Also while builds run or wait; those that run are finished first.")
    var force = false

    func run() async throws { try await options.scale(.sleep, isForced: force) }
}
