import FoundationEssentials
import LabSupport
import Testing

@testable import Installer

@Suite struct GzipTests {
    private let text = String(repeating: "All of a text that repeats itself. ", count: 10_000)

    @Test func theContentOfAFileIsRead() async throws {
        let content = try Gzip.content(of: await ReleaseSecrets.compressed(text), limit: 1 << 20)
        #expect(String(decoding: content, as: UTF8.self) == text)
    }

    @Test(arguments: [0, 1, 100_000]) func whatIsCompressedIsReadByOthers(_ count: Int) async throws {
        let folder = try TemporaryFolder()
        let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let compressed = Gzip.compressed(content)
        try Data(compressed).write(to: URL(filePath: "\(folder.path)/file.gz"))
        let size = try await Program("sh").require("-c", "gzip -cd '\(folder.path)/file.gz' | wc -c")
        #expect(Int(size.trimmed) == count)
        #expect(try Gzip.content(of: compressed, limit: 1 << 20) == content)
    }

    @Test func itIsReadUpToItsLimit() async throws {
        let compressed = try await ReleaseSecrets.compressed(text)
        #expect(try Gzip.content(of: compressed, limit: text.utf8.count).count == text.utf8.count)
        #expect(throws: Gzip.Failure.tooLong) {
            try Gzip.content(of: compressed, limit: text.utf8.count - 1)
        }
    }

    @Test func anythingElseIsInvalid() async throws {
        let compressed = try await ReleaseSecrets.compressed(text)
        var damaged = compressed
        damaged[damaged.count - 5] ^= 1
        for bytes in [
            [], Gzip.magic, compressed.dropLast(), damaged, compressed + [0], Array(text.utf8),
        ].map({ Array($0) }) {
            #expect(throws: Gzip.Failure.invalid) { try Gzip.content(of: bytes, limit: 1 << 20) }
        }
    }
}
