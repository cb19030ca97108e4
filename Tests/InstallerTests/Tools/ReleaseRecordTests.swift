@testable import Installer
import Testing

/// Helm's records of a release.
@Suite struct ReleaseRecordTests {
    private func secret(_ revision: Int) async throws -> JSONValue {
        let data = try await ReleaseSecrets.data(ReleaseSecrets.record(revision))
        return ReleaseSecrets.secret("\(revision)", data: data)
    }

    @Test func theLastRevisionIsReadWhereverItIs() async throws {
        // As text, 9 comes after 10, as do the names of the Secrets.
        let list = ReleaseSecrets.list(try await secret(10), try await secret(9))
        let record = try ReleaseRecord.last(in: list)
        #expect(record?.version == 10)
        #expect(record?.manifest == "---\n# Source: revision 10\n{}\n")
        #expect(record?.config == nil)
    }

    @Test func onlyTheLastOneNeedsToBeReadable() async throws {
        let list = ReleaseSecrets.list(ReleaseSecrets.secret("1", data: "?"), try await secret(2))
        #expect(try ReleaseRecord.last(in: list)?.version == 2)
    }

    @Test func noRecordIsNoRelease() throws {
        #expect(try ReleaseRecord.last(in: ReleaseSecrets.list()) == nil)
    }

    @Test func anUncompressedRecordOfAnEarlyHelmIsRead() async throws {
        let data = try await ReleaseSecrets.data(ReleaseSecrets.record(1), isCompressed: false)
        #expect(try ReleaseRecord(data: data).version == 1)
    }

    /// Unknown is not absent.
    @Test func whatIsNotUnderstoodIsNotAnAnswer() async throws {
        let good = try await secret(1)
        let data = good["data"]?["release"]?.string ?? ""
        let lists = [
            "", "{}", #"{"kind": "Status"}"#, #"{"items": null}"#,
            ReleaseSecrets.list(good, ReleaseSecrets.secret("2", data: "")),
            ReleaseSecrets.list(good, ReleaseSecrets.secret("2", data: "bm90IGJhc2U2NA==")),
            ReleaseSecrets.list(good, ReleaseSecrets.secret("two", data: data)),
            // The label contradicts the record.
            ReleaseSecrets.list(ReleaseSecrets.secret("2", data: data)),
            ReleaseSecrets.list(good.setting("helm.sh/release.v2", at: ["type"])),
            ReleaseSecrets.list(good.setting([:], at: ["data"])),
            ReleaseSecrets.list(
                ReleaseSecrets.secret("1", data: try await ReleaseSecrets.data(["version": 1]))),
        ]
        for list in lists {
            #expect(throws: (any Error).self, "\(list)") { try ReleaseRecord.last(in: list) }
        }
    }
}
