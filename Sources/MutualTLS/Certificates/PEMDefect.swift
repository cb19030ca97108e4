import SwiftASN1

/// Why a file that should be PEM is none for Envoy and Go, and the command that makes it one.
///
/// Both are strict: a block begins on a line of its own, with nothing before the dashes.
struct PEMDefect: Equatable {
    enum Kind: Equatable {
        case empty
        case derCertificate, derKey, pkcs12
        case byteOrderMark
        case utf16(bigEndian: Bool, hasMark: Bool)
        /// What was on many lines is on one: the line ends were lost, or became spaces or `\n` in two characters.
        case oneLine
        case indented
        /// Lines end in a carriage return alone, as on a Mac of the last century.
        case carriageReturns
        case cutOff(label: String)
        case damaged(label: String)
    }

    let kind: Kind

    /// What is wrong, as a sentence without a subject; nothing of the file is quoted but a block's label.
    var words: String {
        switch kind {
        case .empty: "is empty"
        case .derCertificate, .derKey: "is in binary form (DER), not in PEM"
        case .pkcs12: "is a PKCS #12 archive (.p12, .pfx), not PEM"
        case .byteOrderMark:
            "begins with a byte order mark, so that neither Envoy nor buildx finds its first block"
        case .utf16: "is text in UTF-16, as PowerShell writes it, not PEM"
        case .oneLine: "has lost its line ends: all of it is in one line"
        case .indented: "is indented, so that neither Envoy nor buildx finds a block in it"
        case .carriageReturns: "has carriage returns in place of line ends"
        case .cutOff(let label): "is cut off: its \(label) block has no end"
        case .damaged(let label): "holds a damaged \(label) block"
        }
    }

    /// What to do; a command wherever nothing is lost.
    /// - Parameter path: where the file is; nil where it is none, as in a Secret.
    func hint(for path: String?) -> String {
        guard let path else {
            guard let command = command(for: "FILE") else {
                return "Copy the whole file again, from BEGIN to END."
            }
            return "Convert the file that it was made from: \(command)"
        }
        guard let command = command(for: path.quotedForShell) else {
            return "Copy the whole file again, from BEGIN to END."
        }
        return "Convert it: \(command)"
    }

    private func command(for file: String) -> String? {
        switch kind {
        case .empty, .cutOff, .damaged: nil
        case .derCertificate: Self.replacing(file, by: "openssl x509 -inform der -in \(file)")
        case .derKey: Self.replacing(file, by: "openssl pkey -inform der -in \(file)")
        case .pkcs12: "openssl pkcs12 -in \(file) -nodes"
        case .byteOrderMark: Self.replacing(file, by: "tail -c +4 \(file)")
        case .utf16(let bigEndian, let hasMark):
            Self.replacing(
                file, by: "iconv -f UTF-16\(hasMark ? "" : bigEndian ? "BE" : "LE") -t UTF-8 \(file)")
        case .oneLine:
            Self.replacing(
                file,
                by: #"awk '{ gsub(/\\[rn]/, ""); gsub(/"/, ""); gsub(/-----BEGIN [A-Z0-9 ]*-----/, "&\n"); "#
                    + #"gsub(/-----END [A-Z0-9 ]*-----/, "\n&\n"); print }' \#(file)"#
                    + #" | awk '!/^ *-----/ { gsub(/ /, "") } { sub(/^ */, "") } NF' | fold -w 64"#)
        case .indented: Self.replacing(file, by: #"sed 's/^[[:space:]]*//' \#(file)"#)
        case .carriageReturns: Self.replacing(file, by: #"tr '\r' '\n' < \#(file)"#)
        }
    }

    /// The file may be a key: what replaces it is nobody else's to read, from the first byte on.
    private static func replacing(_ file: String, by command: String) -> String {
        "(umask 077; \(command) > \(file).new) && mv \(file).new \(file)"
    }
}

// MARK: Finding it

extension PEMDefect {
    /// What the bytes themselves show, before anybody looks for blocks.
    init?(of bytes: [UInt8]) {
        if bytes.isEmpty {
            kind = .empty
        } else if let binary = Self.binary(bytes) {
            kind = binary
        } else if let wide = Self.wide(bytes) {
            kind = wide
        } else if bytes.starts(with: [0xef, 0xbb, 0xbf]), bytes.dropFirst(3).starts(with: Self.begin) {
            kind = .byteOrderMark
        } else if !bytes.contains(UInt8(ascii: "\n")), bytes.contains(UInt8(ascii: "\r")) {
            kind = .carriageReturns
        } else {
            return nil
        }
    }

    /// What a line shows in which a block begins, but not at the line's own beginning or not at its end.
    init?(ofLine line: ArraySlice<UInt8>) {
        guard let start = line.firstIndex(of: Self.begin) else { return nil }
        let before = line[..<start]
        let isIndented = before.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        // A sentence may speak of "-----BEGIN CERTIFICATE-----" before the block itself begins.
        if line[start...].dropFirst(Self.begin.count).firstIndex(of: Self.end) != nil {
            kind = .oneLine
        } else if isIndented, !before.isEmpty, line.suffix(5).elementsEqual("-----".utf8) {
            kind = .indented
        } else {
            return nil
        }
    }

    private static let begin = Array("-----BEGIN ".utf8)
    private static let end = Array("-----END ".utf8)

    private static func binary(_ bytes: [UInt8]) -> Kind? {
        guard bytes.first == 0x30 else { return nil }
        // The letter 0 begins texts, too: only what can be read to its end counts.
        guard let root = try? DER.parse(bytes), case .constructed(let nodes) = root.content else {
            return bytes.starts(with: [0x30, 0x82]) ? .derCertificate : nil
        }
        let parts = Array(nodes)
        // A key begins with a version number, a PKCS #12 archive with the number 3, a certificate with its body.
        guard parts.first?.identifier == .integer else { return .derCertificate }
        return parts.first?.encodedBytes.elementsEqual([0x02, 0x01, 0x03]) == true ? .pkcs12 : .derKey
    }

    private static func wide(_ bytes: [UInt8]) -> Kind? {
        if bytes.starts(with: [0xff, 0xfe]) { return .utf16(bigEndian: false, hasMark: true) }
        if bytes.starts(with: [0xfe, 0xff]) { return .utf16(bigEndian: true, hasMark: true) }
        let dash = UInt8(ascii: "-")
        if bytes.starts(with: [dash, 0, dash, 0]) { return .utf16(bigEndian: false, hasMark: false) }
        if bytes.starts(with: [0, dash, 0, dash]) { return .utf16(bigEndian: true, hasMark: false) }
        return nil
    }
}

extension ArraySlice<UInt8> {
    /// Where a sequence of bytes first stands.
    fileprivate func firstIndex(of pattern: [UInt8]) -> Index? {
        indices.first { self[$0...].starts(with: pattern) }
    }
}

extension String {
    /// As one word for a POSIX shell.
    var quotedForShell: String {
        let plain = utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
                || "/._-+:@%,=".utf8.contains($0)
        }
        guard !plain || isEmpty else { return self }
        var quoted: [UInt8] = [UInt8(ascii: "'")]
        // Byte by byte: a mark after the quote would make another character of both.
        for byte in utf8 { quoted += byte == UInt8(ascii: "'") ? Array(#"'\''"#.utf8) : [byte] }
        return String(decoding: quoted + [UInt8(ascii: "'")], as: UTF8.self)
    }
}
