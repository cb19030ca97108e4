import FoundationEssentials
import MutualTLS

/// The files that an action writes into a certificate folder.
enum WrittenFiles {
    /// Runs `body` and records the files that it wrote, also where it fails.
    static func noting<Result>(
        in folder: String, _ context: ActionContext, _ body: () async throws -> Result
    ) async throws -> Result {
        let before = digests(in: folder)
        func note() async {
            let fresh = digests(in: folder).filter { before[$0.key] == nil }
            if !fresh.isEmpty { await context.made(.files(folder: folder, digests: fresh)) }
        }
        do {
            let result = try await body()
            await note()
            return result
        } catch {
            await note()
            throw error
        }
    }

    /// Deletes the files that are still as they were written.
    /// - Throws: where a file has changed; it is kept.
    static func remove(_ digests: [String: String], from folder: String, in context: ActionContext) throws {
        let now = self.digests(in: folder)
        let same = digests.keys.filter { now[$0] == digests[$0] }.sorted()
        try FileRemover(context).removeCertificates(same, from: folder)
        let changed = digests.keys.filter { now[$0] != nil && now[$0] != digests[$0] }.sorted()
        guard changed.isEmpty else {
            throw InstallerError(
                "\(changed.inShort) in \(folder) changed during the run and "
                    + "\(changed.count == 1 ? "was" : "were") kept",
                hint: "List the files: ls -lR \(folder.shellQuoted)")
        }
    }

    /// SHA-256 of each file that this program knows, by its path in the folder. Unreadable files are treated as
    /// absent.
    private static func digests(in folder: String) -> [String: String] {
        let certificates = CertificateFolder(path: folder)
        let files =
            ((try? certificates.certificateFiles()) ?? []) + ((try? certificates.authorityFiles()) ?? [])
            + [AuthorityMark.file]
        return Dictionary(uniqueKeysWithValues: files.map { ($0, "\(folder)/\($0)") })
            .compactMapValues { try? Data(ofFile: $0) }
            .mapValues { Digest.sha256(Array($0)) }
    }
}
