import FoundationEssentials
import SwiftASN1
import X509

/// PEM as Envoy and Go accept it (RFC 7468, in its lax form): several blocks in a file, text between them, CRLF,
/// lines of any length. Errors do not quote the text.
struct PEM {
    struct Block {
        let label: String
        let der: [UInt8]
        /// RFC 1421 headers, which only old encrypted keys have.
        let isEncrypted: Bool
    }

    let blocks: [Block]
    /// The first defect of the text; nil where it has none.
    let defect: PEMDefect?

    init(_ text: String) { self.init(Array(text.utf8)) }

    init(_ bytes: [UInt8]) {
        var blocks: [Block] = []
        var defect = PEMDefect(of: bytes)
        var label: String?
        var body: [UInt8] = []
        var isEncrypted = false
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let line = line.withoutTrailingSpace
            guard let open = label else {
                label = line.marker("-----BEGIN ")
                if label == nil { defect = defect ?? PEMDefect(ofLine: line) }
                body = []
                isEncrypted = false
                continue
            }
            if line.starts(with: "-----END ".utf8) {
                if line.marker("-----END ") == open, let der = Data(base64Encoded: Data(body)), !der.isEmpty {
                    blocks.append(Block(label: open, der: Array(der), isEncrypted: isEncrypted))
                } else {
                    defect = defect ?? PEMDefect(kind: .damaged(label: open))
                }
                label = nil
            } else if line.contains(UInt8(ascii: ":")) {
                isEncrypted = isEncrypted || line.contains("ENCRYPTED")
            } else {
                body.append(contentsOf: line.filter { $0 > UInt8(ascii: " ") })
            }
        }
        if let label { defect = defect ?? PEMDefect(kind: .cutOff(label: label)) }
        self.blocks = blocks
        self.defect = defect
    }

    /// The certificates in it, in order.
    /// - Parameter path: the path of the file, for the command that repairs it.
    func certificates(called name: String, at path: String? = nil) throws(CredentialsError) -> [Certificate] {
        if let defect { throw unusable(name, defect, at: path) }
        let ders = blocks.filter {
            ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"].contains($0.label)
        }
        if ders.isEmpty, blocks.contains(where: { $0.label == "PKCS7" }) {
            let file = path?.quotedForShell ?? "FILE"
            throw CredentialsError(
                .pem,
                "\(name) contains its certificates in a PKCS #7 envelope, which Envoy and buildx do not support.",
                hint: "Convert it: (umask 077; openssl pkcs7 -print_certs -in \(file) > \(file).new) "
                    + "&& mv \(file).new \(file)")
        }
        guard !ders.isEmpty else { throw unusable(name, "contains no certificate\(whatItHolds)") }
        var certificates: [Certificate] = []
        for block in ders {
            do {
                certificates.append(try Certificate(readingDER: block.der))
            } catch {
                throw CredentialsError(
                    .pem,
                    "\(name) contains a certificate that cannot be decoded: it is damaged or of an unsupported "
                        + "type.",
                    hint: "Inspect it: openssl x509 -noout -text -in \(path?.quotedForShell ?? "FILE")")
            }
        }
        return certificates
    }

    func firstCertificate(called name: String) throws(CredentialsError) -> Certificate {
        let certificates = try certificates(called: name)
        guard let first = certificates.first else {
            throw unusable(name, "contains no certificate\(whatItHolds)")
        }
        return first
    }

    /// The private key in it: PKCS#8, PKCS#1 or SEC 1, also after the parameters that OpenSSL writes.
    func privateKey(
        called name: String, at path: String? = nil
    ) throws(CredentialsError) -> Certificate.PrivateKey {
        if let defect { throw unusable(name, defect, .key, at: path) }
        let keys = blocks.filter { $0.label.hasSuffix("PRIVATE KEY") }
        guard let block = keys.first else {
            throw unusable(name, "contains no private key\(whatItHolds)", .key)
        }
        guard !block.isEncrypted, block.label != "ENCRYPTED PRIVATE KEY" else {
            throw CredentialsError(
                .encryptedKey,
                "\(name) is encrypted with a passphrase, which Envoy and buildx do not support.",
                hint: "Decrypt it: openssl pkey -in key.pem -out plain.pem")
        }
        do {
            return try Certificate.PrivateKey(
                pemDocument: PEMDocument(type: block.label, derBytes: block.der))
        } catch {
            // The library's own message could quote the text that it failed to parse.
            throw CredentialsError(
                .key, "\(name) has an unsupported type.",
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

    private func unusable(
        _ name: String, _ defect: PEMDefect, _ problem: CredentialsError.Kind = .pem, at path: String?
    ) -> CredentialsError {
        CredentialsError(problem, "\(name) \(defect.words).", hint: defect.hint(for: path))
    }
}

extension ArraySlice<UInt8> {
    fileprivate var withoutTrailingSpace: Self {
        guard let last = lastIndex(where: { $0 > UInt8(ascii: " ") }) else { return [] }
        return self[...last]
    }

    /// The label between the prefix and the closing dashes, where the line contains nothing else. A key whose line
    /// ends were lost is between dashes, too: only a valid label is accepted, because labels are quoted in errors.
    fileprivate func marker(_ prefix: String) -> String? {
        guard starts(with: prefix.utf8), suffix(5).elementsEqual("-----".utf8) else { return nil }
        let label = dropFirst(prefix.utf8.count).dropLast(5)
        let isLabel =
            (1...32).contains(label.count)
            && label.allSatisfy {
                (0x41...0x5a).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: " ")
            }
        return isLabel ? String(decoding: label, as: UTF8.self) : nil
    }

    fileprivate func contains(_ text: String) -> Bool {
        !isEmpty && String(decoding: self, as: UTF8.self).contains(text)
    }
}
