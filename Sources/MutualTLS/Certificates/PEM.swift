import FoundationEssentials
import SwiftASN1
import X509

/// PEM as people have it (RFC 7468, read generously): several blocks in a file, text between them, CRLF,
/// lines of any length. What is wrong with it is said without quoting it.
struct PEM {
    struct Block {
        let label: String
        let der: [UInt8]
        /// RFC 1421 headers, which only old encrypted keys have.
        let isEncrypted: Bool
    }

    let blocks: [Block]
    /// What keeps the text from being whole: a sentence without a subject, as in “is cut off …”.
    let defect: String?

    init(_ text: String) { self.init(Array(text.utf8)) }

    init(_ bytes: [UInt8]) {
        var blocks: [Block] = []
        var defect: String?
        var label: String?
        var body: [UInt8] = []
        var isEncrypted = false
        for line in bytes.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            let line = line.trimmed
            guard let open = label else {
                if line.isSeveralLinesInOne { defect = defect ?? Self.oneLine }
                label = line.marker("-----BEGIN ").map(Self.known)
                body = []
                isEncrypted = false
                continue
            }
            if let closed = line.marker("-----END ").map(Self.known) {
                if closed == open, let der = Data(base64Encoded: Data(body)), !der.isEmpty {
                    blocks.append(Block(label: open, der: Array(der), isEncrypted: isEncrypted))
                } else {
                    defect = defect ?? "holds a damaged \(Self.asBlock(open))"
                }
                label = nil
            } else if line.contains(UInt8(ascii: ":")) {
                isEncrypted = isEncrypted || line.contains("ENCRYPTED")
            } else {
                body.append(contentsOf: line)
            }
        }
        if let label { defect = defect ?? "is cut off: its \(Self.asBlock(label)) has no end" }
        if bytes.isEmpty { defect = "is empty" }
        // The first two octets of anything in DER that is as long as a certificate.
        if bytes.starts(with: [0x30, 0x82]) { defect = "is in binary form (DER), not in PEM" }
        self.blocks = blocks
        self.defect = defect
    }

    /// What people get from `echo $KEY`, from a JSON string, and from forms that take one line only.
    private static let oneLine = "has lost its line breaks: all of it is in one line"

    /// A label as it may be repeated. One that is not known may be anything, as where a key's line breaks are lost.
    private static func known(_ label: String) -> String {
        labels.contains(label) ? label : "block of an unknown kind"
    }

    private static func asBlock(_ label: String) -> String {
        labels.contains(label) ? "\(label) block" : label
    }

    private static let labels: Set = [
        "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "CERTIFICATE REQUEST",
        "NEW CERTIFICATE REQUEST",
        "X509 CRL", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY",
        "DSA PRIVATE KEY",
        "OPENSSH PRIVATE KEY", "PUBLIC KEY", "RSA PUBLIC KEY", "EC PARAMETERS", "DH PARAMETERS", "PKCS7",
        "CMS",
        "ATTRIBUTE CERTIFICATE",
    ]

    /// The certificates in it, in order.
    func certificates(called name: String) throws(CredentialsError) -> [Certificate] {
        if let defect { throw unusable(name, defect) }
        let ders = blocks.filter {
            ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"].contains($0.label)
        }
        guard !ders.isEmpty else { throw unusable(name, "holds no certificate\(whatItHolds)") }
        var certificates: [Certificate] = []
        for block in ders {
            do {
                certificates.append(try Certificate(derEncoded: block.der))
            } catch {
                throw unusable(name, "holds a certificate that cannot be decoded")
            }
        }
        return certificates
    }

    func firstCertificate(called name: String) throws(CredentialsError) -> Certificate {
        let certificates = try certificates(called: name)
        guard let first = certificates.first else {
            throw unusable(name, "holds no certificate\(whatItHolds)")
        }
        return first
    }

    /// The private key in it: PKCS#8, PKCS#1 or SEC 1, also with the parameters that OpenSSL writes before
    /// it.
    func privateKey(called name: String) throws(CredentialsError) -> Certificate.PrivateKey {
        if let defect { throw unusable(name, defect, .key) }
        let keys = blocks.filter { $0.label.hasSuffix("PRIVATE KEY") }
        guard let block = keys.first else { throw unusable(name, "holds no private key\(whatItHolds)", .key) }
        guard !block.isEncrypted, block.label != "ENCRYPTED PRIVATE KEY" else {
            throw CredentialsError(
                .encryptedKey,
                "\(name) is encrypted with a passphrase, which neither Envoy nor buildx can ask for.",
                hint: "Decrypt it: openssl pkey -in key.pem -out plain.pem")
        }
        do {
            return try Certificate.PrivateKey(
                pemDocument: PEMDocument(type: block.label, derBytes: block.der))
        } catch {
            // The library's own text could quote what it failed to read.
            throw CredentialsError(
                .key, "\(name) is of a kind that cannot be used.",
                hint: "Use an EC key (P-256, P-384, P-521), Ed25519, or RSA of at least 2048 bits.")
        }
    }

    private var whatItHolds: String {
        guard let first = blocks.first else { return "" }
        return " but \(first.label.lowercased().hasPrefix("e") ? "an" : "a") \(first.label)"
    }

    private func unusable(
        _ name: String, _ defect: String, _ problem: CredentialsError.Kind = .pem
    ) -> CredentialsError {
        CredentialsError(
            problem, "\(name) \(defect).", hint: "Copy the whole file again, from BEGIN to END.")
    }
}

extension ArraySlice<UInt8> {
    fileprivate var trimmed: Self {
        let isSpace: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard let last = lastIndex(where: { !isSpace($0) }), let first = firstIndex(where: { !isSpace($0) })
        else {
            return []
        }
        return self[first...last]
    }

    /// Whether more follows in the line on which a block begins.
    fileprivate var isSeveralLinesInOne: Bool {
        guard starts(with: "-----BEGIN ".utf8) else { return false }
        let dashes = Array("-----".utf8)
        let rest = dropFirst("-----BEGIN ".utf8.count)
        guard rest.count > dashes.count else { return false }
        let first = rest.indices.first { rest[$0...].starts(with: dashes) }
        return first.map { rest[$0...].count > dashes.count } ?? false
    }

    /// What stands between the prefix and the closing dashes.
    fileprivate func marker(_ prefix: String) -> String? {
        guard starts(with: prefix.utf8), suffix(5).elementsEqual("-----".utf8), count > prefix.utf8.count + 5
        else {
            return nil
        }
        return String(decoding: dropFirst(prefix.utf8.count).dropLast(5), as: UTF8.self)
    }

    fileprivate func contains(_ text: String) -> Bool {
        !isEmpty && String(decoding: self, as: UTF8.self).contains(text)
    }
}
