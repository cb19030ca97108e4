import FoundationEssentials
import Glibc

/// Searches what the installer has printed and written for the private keys of its machine.
///
/// ``Program`` calls it after every run, and terminals after every session, so that every test also verifies that no key
/// was revealed.
public struct KeyWatch: Sendable {
    /// The home folder in which keys are searched for.
    let home: String

    /// Only the installer is watched, on a machine with a home.
    public init?(_ program: Program) {
        guard program.path.hasSuffix("/buildkit-installer"), case let home?? = program.environment["HOME"]
        else { return nil }
        self.home = home
    }

    /// - Throws: where an output, or a file that holds no key, contains a piece of one.
    public func check(_ outputs: [UInt8]...) throws {
        let files = files
        let pieces = files.filter { $0.hasSuffix("key.pem") }.map { KeyPieces(of: read($0)) }
        guard !pieces.isEmpty else { return }
        let said = outputs.filter { !$0.isEmpty }.map { ("what the installer has said", $0) }
        let written = files.filter { !Self.holdsKeys($0) }.map { ($0, read($0)) }
        for (place, bytes) in said + written {
            let text = Self.letters(of: bytes)
            if pieces.contains(where: { $0.areIn(bytes, text: text) }) {
                throw LabFailure("A part of a private key is in \(place).")
            }
        }
    }

    /// Without blanks, frames around a text, and line breaks, also as JSON has them.
    private static func letters(of text: [UInt8]) -> [UInt8] {
        var letters: [UInt8] = []
        letters.reserveCapacity(text.count)
        for byte in text where byte > 0x20 && byte < 0x7F {
            if byte == UInt8(ascii: "n"), letters.last == UInt8(ascii: "\\") {
                letters.removeLast()
            } else {
                letters.append(byte)
            }
        }
        return letters
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
    private func read(_ path: String) -> [UInt8] {
        Array(FileManager.default.contents(atPath: "\(home)/\(path)") ?? Data())
    }
}

/// Pieces of a private key that are too long to be in anything else by chance.
private struct KeyPieces {
    /// Of its base64 in lines of any length, and of its file as a Secret has it.
    private let ofText: [[UInt8]]
    /// Of its DER.
    private let ofBytes: [[UInt8]]

    init(of file: [UInt8]) {
        let text = String(decoding: file, as: UTF8.self)
        let body = text.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        let secret = Self.secret(inBodyOf: body.utf8.count)
        guard secret.count >= Self.length else {
            // The beginning of a key, as a killed run leaves it.
            (ofText, ofBytes) = ([], [])
            return
        }
        let whole = Data(file).base64EncodedString()
        // The label and its line break come before the body, which has lines of 64 characters.
        let label = text.prefix { $0 != "\n" }.utf8.count + 1
        func place(_ position: Int) -> Int { (label + position + position / 64) * 4 / 3 }
        let inWhole = place(secret.lowerBound) + 2..<place(secret.upperBound) - 2
        ofText = Self.cut(Array(body.utf8), secret) + Self.cut(Array(whole.utf8), inWhole)
        // What is not complete is no base64.
        let bytes = Data(base64Encoded: body).map { Array($0) } ?? []
        let inBytes = secret.lowerBound * 3 / 4..<secret.upperBound * 3 / 4
        ofBytes = Self.cut(bytes, inBytes, length: Self.length * 3 / 4)
    }

    /// The length of a piece of text.
    private static let length = 24

    /// - Parameter text: the letters of the bytes alone.
    func areIn(_ bytes: [UInt8], text: [UInt8]) -> Bool {
        ofText.contains { text.holds($0) } || ofBytes.contains { bytes.holds($0) }
    }

    /// Where PKCS#8 has what is secret: the rest is the type of the key, and the public key, which certificates show.
    private static func secret(inBodyOf count: Int) -> Range<Int> {
        switch count {
        // Ed25519: the seed is at the end.
        case ...64: min(24, count)..<count
        // P-256: the scalar is before the point.
        case ..<1000: 48..<min(count, 91)
        // RSA: the modulus and the public exponent come first, two ninths of it.
        default: count * 3 / 10..<count
        }
    }

    private static func cut(
        _ bytes: [UInt8], _ range: Range<Int>, length: Int = KeyPieces.length
    ) -> [[UInt8]] {
        let last = min(range.upperBound, bytes.count) - length
        // They overlap.
        return stride(from: range.lowerBound, through: last, by: length - 5).map {
            Array(bytes[$0..<$0 + length])
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
