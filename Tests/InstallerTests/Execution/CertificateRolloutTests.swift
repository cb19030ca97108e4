import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

/// While no proxy answers, its pods may show that waiting cannot help.
@Suite struct SilentProxyTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private struct Pods: CommandRunner {
        let pod: JSONValue

        func run(
            _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void
        ) async throws -> CommandResult {
            CommandResult(output: JSONValue.object(["items": [pod]]).text)
        }
    }

    /// Waits for an endpoint at which nothing listens.
    private func wait(_ pod: JSONValue, timeout: Int) async throws -> (RunState, seconds: Double) {
        try await CertificateFolder(path: folder.path).issue(
            CertificateOrder(names: [.ip([127, 0, 0, 1])], client: "admin"), now: Date())
        let registration = BuilderRegistration(
            builder: "team", address: .endpoint(endpoint: Endpoint(host: "127.0.0.1", port: 1)),
            servername: nil, folder: "\(folder.path)/client", platforms: [], use: true)
        let check = ClientAccessCheck(
            installation: Plan.installation, client: "admin", registration: registration, tunnel: nil,
            isRefused: false, isChange: false, timeout: timeout)
        let dependencies = Dependencies.test(Pods(pod: pod))
        let step = Step(id: "admitted", title: "Verify", action: .awaitClientAccess(look: check))
        let run = await rehearse(.test([step]), in: dependencies).run
        return (run, dependencies.now().timeIntervalSince(TestClock.start))
    }

    @Test func theCauseEndsTheWait() async throws {
        let (run, seconds) = try await wait(.pod("proxy", waiting: "InvalidImageName"), timeout: 180)
        #expect(run.failure?.message == "The image name of the proxy pods is not valid")
        #expect(run.failure?.code.rawValue == "InvalidImageName")
        #expect(seconds < 10)
    }

    @Test func withoutACauseItWaitsForTheWholeTime() async throws {
        let (run, seconds) = try await wait(.pod("builder", waiting: "InvalidImageName"), timeout: 6)
        #expect(run.failure?.message == "Client admin is not accepted at tcp://127.0.0.1:1")
        #expect(seconds >= 6)
    }
}
