import FoundationEssentials
import LabSupport
import MutualTLS
import Testing

/// Provides one installation for the tests of a suite, ``Installation/current``: an install takes longer than the
/// tests.
///
/// Its CA is some weeks old, so that certificates of it can have expired.
struct InstalledOnce: SuiteTrait, TestScoping {
    /// How long its proxy holds requests while BuildKit is unavailable.
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
    /// For tests that expect an error while BuildKit is unavailable: with a longer hold, buildx would wait for forty
    /// seconds before it reports the error.
    static var installedOnce: Self { InstalledOnce(hold: "1s") }
    /// For tests that wait until BuildKit is available again.
    static var installedOnceToHold: Self { InstalledOnce(hold: "10m") }
}

extension Installation {
    @TaskLocal fileprivate static var shared: Installation?

    /// The installation of the suite.
    static var current: Installation {
        get throws {
            guard let shared else { throw LabFailure("The suite lacks the trait .installedOnce.") }
            return shared
        }
    }
}
