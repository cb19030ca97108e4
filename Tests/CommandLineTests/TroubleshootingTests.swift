import FoundationEssentials
@testable import Installer
@testable import MutualTLS
import Testing

/// The document that errors refer to.
@Suite struct TroubleshootingTests {
    private let entries: [String]
    private var anchors: Set<String> { Set(entries) }

    init() throws {
        let path = "\(Installation.repository)/docs/troubleshooting.md"
        let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        entries = text.matches(of: /<a id="([A-Za-z0-9]+)">/).map { String($0.output.1) }
    }

    /// The codes that are written in the sources, as no list has them all: of errors, and of diagnostics.
    private static var written: Set<String> {
        get throws {
            let sources = "\(Installation.repository)/Sources"
            let files = try FileManager.default.subpathsOfDirectory(atPath: sources)
            var codes: Set<String> = []
            for file in files where file.hasSuffix(".swift") {
                let data = try Data(contentsOf: URL(filePath: "\(sources)/\(file)"))
                let text = String(decoding: data, as: UTF8.self)
                codes.formUnion(
                    text.matches(
                        of:
                            /(?:ErrorCode = |code: (?:[\w?.]+ \?\? )?|\.(?:error|warning)\(\s*)"([A-Z][A-Za-z0-9]+)"/
                    ).map { String($0.output.1) })
            }
            return codes
        }
    }

    @Test func everyCodeOfAnErrorHasItsEntry() throws {
        let written = try Self.written
        #expect(
            written.isSuperset(of: [
                "Failed", "Locked", "FieldConflict", "CertificateUnusable", "BuilderNotAnswering",
                "PodsMissing",
            ]))
        let codes = written.union(CauseCode.allCases.map(\.rawValue))
            .union(ConnectionFailure.allCases.map(\.rawValue))
        #expect(codes.subtracting(anchors) == [])
    }

    @Test func everyCheckHasItsEntry() {
        let workflows = Workflow.all + [.sleep, .wake, .addClient, .renewClient, .revokeClient]
        let ids = workflows.flatMap(\.checks).map(\.id) + DoctorCheck.all.map(\.id)
        #expect(ids.contains("pod-security"))
        #expect(Set(ids.map { ErrorCode(check: $0).rawValue }).subtracting(anchors) == [])
    }

    @Test func everyFindingOnCertificatesHasItsEntry() {
        let codes = Finding.Kind.allCases.map { kind in
            Finding(kind: kind, severity: .error, file: "", sentence: "", hint: "").code.rawValue
        }
        #expect(Set(codes).subtracting(anchors) == [])
    }

    @Test func noEntryIsThereTwice() { #expect(anchors.count == entries.count) }

    @Test func anErrorNamesItsEntry() {
        let code = ErrorCode(rawValue: CauseCode.quotaExceeded.rawValue)
        #expect(code.documentation == "docs/troubleshooting.md#QuotaExceeded")
        #expect(!code.isSelfExplanatory)
        #expect(ErrorCode.usage.isSelfExplanatory)
    }
}
