import FoundationEssentials

/// Searches what the installer has said for the private keys of the machine that it ran on.
///
/// ``Program`` asks it after every run, so that whatever a test is about, it also shows that no key was told.
struct KeyWatch {
    /// Where keys are looked for.
    let home: String

    /// Pieces of each key below the home folder: the base64 as it stands in lines of any length, and nothing shorter
    /// than could be anybody's.
    private var pieces: [String] {
        // A machine without a home has no keys there.
        let files = (try? FileManager.default.subpathsOfDirectory(atPath: home)) ?? []
        return files.filter { $0.hasSuffix("key.pem") }.flatMap { path -> [String] in
            // Where it went meanwhile, it is none that could be looked for.
            guard let data = FileManager.default.contents(atPath: "\(home)/\(path)") else { return [] }
            let body = String(decoding: data, as: UTF8.self).split(separator: "\n")
                .filter { !$0.hasPrefix("-----") }.joined()
            // The first 48 characters of PKCS#8 say which kind of key it is, the same for all of a kind.
            return stride(from: 48, to: body.count - 24, by: 24).map { String(body.dropFirst($0).prefix(24)) }
        }
    }

    /// - Throws: where there is a piece of one.
    func check(_ outcome: Outcome) throws {
        let said = outcome.output + outcome.errors
        guard !said.isEmpty else { return }
        // Wherever lines were broken or joined.
        let joined = said.filter { !$0.isWhitespace }.replacing("\\n", with: "")
        if pieces.contains(where: joined.contains) {
            throw LabFailure("The installer has said a part of a private key.")
        }
    }
}
