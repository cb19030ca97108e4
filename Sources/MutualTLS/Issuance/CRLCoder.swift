import FoundationEssentials
import SwiftASN1
import X509

/// A CertificateList in DER (RFC 5280, section 5.1), for which X509 has no type. It is written here, and parsed to be
/// extended.
struct CRLCoder {
    private static let label = "X509 CRL"
    private static let crlNumber: ASN1ObjectIdentifier = [2, 5, 29, 20]
    private static let extensionsTag = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)

    let entries: [Revocation]
    let number: Int
    /// The key identifier of the CA that signed it; nil in a list that is not signed yet, or does not contain it.
    var signer: String?
    /// The name of that CA, in DER.
    var issuer: [UInt8] = []
    /// When it expires; nil where it does not contain a date.
    var nextUpdate: Date?
    /// The signed bytes, and the signature.
    private(set) var proof: (list: [UInt8], signature: [UInt8]) = ([], [])

    // MARK: Writing

    func pem(signedBy authority: CertificateAuthority, now: Date) throws(CredentialsError) -> String {
        do {
            let algorithm = CRLSignature(for: authority.signingKey.key)
            var list = DER.Serializer()
            try write(into: &list, authority: authority, algorithm: algorithm, now: now)
            let signature = try authority.signingKey.key.sign(
                bytes: list.serializedBytes, signatureAlgorithm: algorithm.algorithm)

            var whole = DER.Serializer()
            try whole.appendConstructedNode(identifier: .sequence) { coder in
                coder.serializeRawBytes(list.serializedBytes)
                try coder.serialize(algorithm)
                try coder.serialize(ASN1BitString(bytes: signature.rawRepresentation[...]))
            }
            return PEMDocument(type: Self.label, derBytes: whole.serializedBytes).pemString + "\n"
        } catch {
            throw CredentialsError(
                .certificate, "The revocation list of “\(authority.summary.subject)” could not be signed.")
        }
    }

    /// TBSCertList.
    private func write(
        into coder: inout DER.Serializer, authority: CertificateAuthority, algorithm: CRLSignature, now: Date
    ) throws {
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            try coder.serialize(1)  // version 2
            try coder.serialize(algorithm)
            try coder.serialize(authority.x509.subject)
            try coder.serialize(CRLTime(now.addingTimeInterval(-ValidityPeriod.clockSkew)))
            try coder.serialize(CRLTime(authority.x509.notValidAfter))
            // An empty sequence is not permitted: without entries it is omitted.
            if !entries.isEmpty {
                try coder.appendConstructedNode(identifier: .sequence) { coder in
                    for entry in entries { try write(entry, into: &coder) }
                }
            }
            try coder.appendConstructedNode(identifier: Self.extensionsTag) { coder in
                try coder.appendConstructedNode(identifier: .sequence) { coder in
                    try writeExtensions(into: &coder, authority: authority)
                }
            }
        }
    }

    private func write(_ entry: Revocation, into coder: inout DER.Serializer) throws {
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            try coder.serialize(entry.serial.hexBytes[...])
            try coder.serialize(CRLTime(entry.date))
        }
    }

    /// Both extensions are required in every list (RFC 5280, sections 5.2.1 and 5.2.3); neither is critical.
    private func writeExtensions(into coder: inout DER.Serializer, authority: CertificateAuthority) throws {
        var counted = DER.Serializer()
        try counted.serialize(number)
        let signer = try Certificate.Extension(
            AuthorityKeyIdentifier(keyIdentifier: authority.x509.keyIdentifier), critical: false)
        for (identifier, value) in [
            (signer.oid, signer.value), (Self.crlNumber, counted.serializedBytes[...]),
        ] {
            try coder.appendConstructedNode(identifier: .sequence) { coder in
                try coder.serialize(identifier)
                try coder.serialize(ASN1OctetString(contentBytes: value))
            }
        }
    }
}

// MARK: - Reading

extension CRLCoder {
    /// The lists in a file: one for each CA.
    static func all(in pem: String) throws(CredentialsError) -> [CRLCoder] {
        try texts(in: pem).map(\.list)
    }

    /// Each list in a file, with its own PEM.
    /// - Parameter name: the name of the file in an error.
    static func texts(
        in pem: String, called name: String = "The revocation list"
    ) throws(CredentialsError) -> [(list: CRLCoder, pem: String)] {
        let document = PEM(pem)
        let blocks = document.blocks.filter { $0.label == Self.label }
        // An unreadable file may contain revocations that would be lost.
        guard document.defect == nil, !blocks.isEmpty else {
            throw CredentialsError(
                .pem, "\(name) \(document.defect?.words ?? "contains no revocation list").",
                hint: "Restore crl.pem from where it was copied.")
        }
        do {
            return try blocks.map {
                (try CRLCoder(der: $0.der), PEMDocument(type: label, derBytes: $0.der).pemString + "\n")
            }
        } catch {
            throw CredentialsError(
                .pem, "\(name) cannot be decoded.", hint: "Restore crl.pem from where it was copied.")
        }
    }

    private init(der: [UInt8]) throws {
        self = try DER.sequence(DER.parse(der), identifier: .sequence) { fields in
            guard let list = fields.next() else { throw ASN1Error.invalidASN1Object(reason: "empty") }
            _ = fields.next()  // the signature's algorithm
            let signature = try ASN1BitString(derEncoded: &fields)
            var coder = try CRLCoder(list)
            coder.proof = (Array(list.encodedBytes), Array(signature.bytes))
            return coder
        }
    }

    /// Whether the key of that CA has signed it.
    func isSigned(by authority: CertificateAuthority) -> Bool {
        let algorithm = CRLSignature(for: authority.signingKey.key).algorithm
        return authority.x509.publicKey.isValidSignature(
            proof.signature, for: proof.list, signatureAlgorithm: algorithm)
    }

    private init(_ list: ASN1Node) throws {
        self = try DER.sequence(list, identifier: .sequence) { fields in
            // Only lists of version 2 contain the version; those of version 1 have no extensions.
            guard var field = fields.next() else { throw ASN1Error.invalidASN1Object(reason: "empty") }
            if field.identifier == .integer {
                guard try Int(derEncoded: field) == 1, let next = fields.next() else {
                    throw ASN1Error.invalidASN1Object(reason: "of a later version")
                }
                field = next  // the signature's algorithm
            }
            guard let issuer = fields.next(), fields.next() != nil /* thisUpdate */ else {
                throw ASN1Error.invalidASN1Object(reason: "too short")
            }
            var entries: [Revocation] = []
            var number = 1
            var signer: String?
            var nextUpdate: Date?
            while let field = fields.next() {
                switch field.identifier {
                case .sequence: entries = try Self.entries(in: field)
                case Self.extensionsTag: (number, signer) = try Self.extensions(in: field)
                case UTCTime.defaultIdentifier, GeneralizedTime.defaultIdentifier:
                    nextUpdate = try CRLTime(derEncoded: field).date
                default: break
                }
            }
            return CRLCoder(
                entries: entries, number: number, signer: signer, issuer: Array(issuer.encodedBytes),
                nextUpdate: nextUpdate)
        }
    }

    private static func entries(in node: ASN1Node) throws -> [Revocation] {
        try DER.sequence(node, identifier: .sequence) { nodes in
            var entries: [Revocation] = []
            while let node = nodes.next() {
                entries.append(
                    try DER.sequence(node, identifier: .sequence) { fields in
                        let serial = try ArraySlice<UInt8>(derEncoded: &fields)
                        let date = try CRLTime(derEncoded: &fields).date
                        _ = fields.next()  // extensions of the entry, such as a reason
                        return Revocation(
                            serial: Certificate.SerialNumber(bytes: serial).hex, date: date)
                    })
            }
            return entries
        }
    }

    private static func extensions(in tagged: ASN1Node) throws -> (number: Int, signer: String?) {
        try DER.explicitlyTagged(
            tagged, tagNumber: extensionsTag.tagNumber, tagClass: extensionsTag.tagClass
        ) { node in
            try DER.sequence(node, identifier: .sequence) { nodes in
                var found: (number: Int, signer: String?) = (1, nil)
                while let node = nodes.next() {
                    try DER.sequence(node, identifier: .sequence) { fields in
                        let identifier = try ASN1ObjectIdentifier(derEncoded: &fields)
                        while let field = fields.next() {
                            guard field.identifier == .octetString else { continue }
                            let value = try ASN1OctetString(derEncoded: field).bytes
                            switch identifier {
                            case crlNumber: found.number = try Int(derEncoded: value)
                            case .X509ExtensionID.authorityKeyIdentifier:
                                found.signer = try Self.keyIdentifier(in: value)
                            default: break
                            }
                        }
                    }
                }
                return found
            }
        }
    }

    private static func keyIdentifier(in value: ArraySlice<UInt8>) throws -> String? {
        try AuthorityKeyIdentifier(
            Certificate.Extension(
                oid: .X509ExtensionID.authorityKeyIdentifier, critical: false, value: value)
        ).keyIdentifier?.hex
    }
}

extension String {
    /// The bytes of hexadecimal digits, up to the first character that is not a digit.
    fileprivate var hexBytes: [UInt8] {
        let digits = utf8.map(\.hexDigit).prefix { $0 != nil }.compactMap(\.self)
        let padded = digits.count % 2 == 0 ? digits : [0] + digits
        return stride(from: 0, to: padded.count, by: 2).map { padded[$0] << 4 | padded[$0 + 1] }
    }
}

extension UInt8 {
    fileprivate var hexDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
