import FoundationEssentials
import Glibc

/// Searches what the installer has printed and written for the private keys of its machine.
///
/// ``Program`` calls it after every run, so that every test also verifies that no key was revealed.
struct KeyWatch {
    /// The home folder in which keys are searched for.
    let home: String

    /// Only the installer is watched, on a machine with a home.
    init?(_ program: Program) {
        guard program.path.hasSuffix("/buildkit-installer"), case let home?? = program.environment["HOME"]
        else { return nil }
        self.home = home
    }

    /// - Throws: where the text, or a file that holds no key, contains a piece of one.
    func check(_ texts: String...) throws {
        let files = files
        let pieces = files.filter { $0.hasSuffix("key.pem") }.flatMap(pieces)
        guard !pieces.isEmpty else { return }
        let said = texts.filter { !$0.isEmpty }.map { ("what the installer has said", $0) }
        let written = files.filter { !Self.holdsKeys($0) }.map { ($0, read($0)) }
        for (place, text) in said + written {
            let joined = Self.withoutLineBreaks(text)
            if pieces.contains(where: { joined.holds($0) }) {
                throw LabFailure("A part of a private key is in \(place).")
            }
        }
    }

    /// Without blanks, and without line breaks as JSON has them.
    private static func withoutLineBreaks(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for byte in text.utf8 where byte > 0x20 {
            if byte == UInt8(ascii: "n"), bytes.last == UInt8(ascii: "\\") {
                bytes.removeLast()
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    /// A bundle for a client holds the client's key.
    private static func holdsKeys(_ path: String) -> Bool {
        ["key.pem", ".tar", ".tar.gz", ".tgz"].contains(where: path.hasSuffix)
    }

    /// The files below the home folder: no links, which lead to tools, and nothing large.
    private var files: [String] {
        // A machine without a home has no keys there.
        let all = (try? FileManager.default.subpathsOfDirectory(atPath: home)) ?? []
        return all.filter { path in
            var status = stat()
            return lstat("\(home)/\(path)", &status) == 0 && status.st_mode & S_IFMT == S_IFREG
                && status.st_size < 1 << 20
        }
    }

    /// A file that was removed meanwhile is empty.
    private func read(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: "\(home)/\(path)") ?? Data(), as: UTF8.self)
    }

    /// Pieces of a key that are too long to be in another text by chance: of its base64 in lines of any length, and of
    /// the file as a Secret has it.
    private func pieces(of path: String) -> [[UInt8]] {
        let text = read(path)
        let body = text.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        let secret = Self.secret(inBodyOf: body.utf8.count)
        let whole = Data(text.utf8).base64EncodedString()
        // The label and its line break come before the body, which has lines of 64 characters.
        let label = text.prefix { $0 != "\n" }.utf8.count + 1
        func place(_ position: Int) -> Int { (label + position + position / 64) * 4 / 3 }
        return cut(body, secret) + cut(whole, place(secret.lowerBound) + 2..<place(secret.upperBound) - 2)
    }

    /// Where PKCS#8 has what is secret: the rest is the type of the key, and the public key, which certificates show.
    private static func secret(inBodyOf count: Int) -> Range<Int> {
        switch count {
        // Ed25519: the seed is at the end.
        case ...64: 24..<count
        // P-256: the scalar is before the point.
        case ..<1000: 48..<min(count, 91)
        // RSA: the modulus and the public exponent come first, two ninths of it.
        default: count * 3 / 10..<count
        }
    }

    private func cut(_ text: String, _ range: Range<Int>) -> [[UInt8]] {
        let bytes = Array(text.utf8)
        return stride(from: range.lowerBound, through: min(range.upperBound, bytes.count) - 24, by: 19).map {
            Array(bytes[$0..<$0 + 24])
        }
    }
}

extension [UInt8] {
    /// Whether the piece is part of it. By the C library, since dozens of pieces are searched for after each run.
    fileprivate func holds(_ piece: [UInt8]) -> Bool {
        withUnsafeBytes { text in
            guard var place = text.baseAddress else { return false }
            let end = place + text.count
            while place < end, let found = memchr(place, Int32(piece[0]), end - place) {
                guard end - UnsafeRawPointer(found) >= piece.count else { return false }
                if memcmp(found, piece, piece.count) == 0 { return true }
                place = UnsafeRawPointer(found) + 1
            }
            return false
        }
    }
}
