import FoundationEssentials
import LabSupport
import MutualTLS
import Testing

/// Gives the tests of a suite one installation, ``Installation/current``: an install takes longer than they do.
///
/// Its authority is some weeks old, so that certificates of it can have expired.
struct InstalledOnce: SuiteTrait, TestScoping {
    /// How long its proxy holds requests while BuildKit is away.
    let hold: String

    func provideScope(
        for test: Test, testCase: Test.Case?, performing tests: @Sendable () async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let certificates = CertificateFolder(path: "\(folder)/certs")
            try await certificates.issue(
                CertificateOrder(names: [SubjectName(Installation.name)], client: "alice"),
                now: Date(timeIntervalSinceNow: -30 * 86_400))
            let values = "\(folder)/values.yaml"
            try Data("proxy: {hold: \(hold)}".utf8).write(to: URL(filePath: values))
            try await Installation.whileRunning(
                ["--values", values], certificates: certificates, isShared: true
            ) { installation in
                try await Installation.$shared.withValue(installation) { try await tests() }
            }
        }
    }
}

extension Trait where Self == InstalledOnce {
    /// For tests that want to be told when BuildKit is away: with a longer hold, buildx would wait for forty seconds
    /// before it says so.
    static var installedOnce: Self { InstalledOnce(hold: "1s") }
    /// For tests that want to wait until it is back.
    static var installedOnceToHold: Self { InstalledOnce(hold: "10m") }
}

extension Installation {
    @TaskLocal fileprivate static var shared: Installation?

    /// The one of the suite.
    static var current: Installation {
        get throws {
            guard let shared else { throw LabFailure("The suite lacks the trait .installedOnce.") }
            return shared
        }
    }
}
