import SwiftASN1

/// Why Envoy and Go do not accept a file as PEM, and the command that repairs it.
///
/// Both are strict: a block starts on a line of its own, with nothing before the dashes.
struct PEMDefect: Equatable {
    enum Kind: Equatable {
        case empty
        case derCertificate, derKey, pkcs12
        case byteOrderMark
        case utf16(bigEndian: Bool, hasMark: Bool)
        /// Many lines were joined into one: the line ends were lost, or became spaces or the two characters `\n`.
        case oneLine
        case indented
        /// Lines end with a carriage return only, as on classic Mac OS.
        case carriageReturns
        case cutOff(label: String)
        case damaged(label: String)
    }

    let kind: Kind

    /// The defect, as a sentence without a subject; only a block's label is quoted from the file.
    var words: String {
        switch kind {
        case .empty: "is empty"
        case .derCertificate, .derKey: "is in binary format (DER), not PEM"
        case .pkcs12: "is a PKCS #12 archive (.p12, .pfx), not PEM"
        case .byteOrderMark:
            "starts with a byte order mark, so Envoy and buildx do not find its first block"
        case .utf16: "is UTF-16 text, as written by PowerShell, not PEM"
        case .oneLine: "has no line breaks: everything is on one line"
        case .indented: "is indented, so Envoy and buildx do not find a block in it"
        case .carriageReturns: "has carriage returns instead of line feeds"
        case .cutOff(let label): "is truncated: its \(label) block has no end"
        case .damaged(let label): "contains a damaged \(label) block"
        }
    }

    /// The fix; a command wherever no data is lost.
    /// - Parameter path: the path of the file; nil where it is not a file but, for example, a Secret.
    func hint(for path: String?) -> String {
        guard let path else {
            guard let command = command(for: "FILE") else {
                return "Copy the whole file again, from BEGIN to END."
            }
            return "Convert the original file: \(command)"
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

    /// The file may be a key: only the user may read its replacement, from the first byte on.
    private static func replacing(_ file: String, by command: String) -> String {
        "(umask 077; \(command) > \(file).new) && mv \(file).new \(file)"
    }
}

// MARK: Detection

extension PEMDefect {
    /// A defect of the bytes, before they are searched for blocks.
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

    /// A defect of a line with the start of a block that is not at the start of the line, or does not end the line.
    init?(ofLine line: ArraySlice<UInt8>) {
        guard let start = line.firstIndex(of: Self.begin) else { return nil }
        let before = line[..<start]
        let isIndented = before.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        // Text before the block may mention "-----BEGIN CERTIFICATE-----".
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
        // Text may start with the byte of a sequence (the character 0), too: only complete DER counts.
        guard let root = try? DER.parse(bytes), case .constructed(let nodes) = root.content else {
            return bytes.starts(with: [0x30, 0x82]) ? .derCertificate : nil
        }
        let parts = Array(nodes)
        // A key starts with a version number, a PKCS #12 archive with the number 3, a certificate with its body.
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
    /// The first index of a sequence of bytes.
    fileprivate func firstIndex(of pattern: [UInt8]) -> Index? {
        indices.first { self[$0...].starts(with: pattern) }
    }
}

extension String {
    /// The text as one word for a POSIX shell.
    var quotedForShell: String {
        let plain = utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
                || "/._-+:@%,=".utf8.contains($0)
        }
        guard !plain || isEmpty else { return self }
        var quoted: [UInt8] = [UInt8(ascii: "'")]
        // Byte by byte: a quote and a following combining mark are one character.
        for byte in utf8 { quoted += byte == UInt8(ascii: "'") ? Array(#"'\''"#.utf8) : [byte] }
        return String(decoding: quoted + [UInt8(ascii: "'")], as: UTF8.self)
    }
}
