import Crypto
import CryptoExtras
import FoundationEssentials
import SwiftASN1
import X509

/// A CertificateList in DER, which X509 has no type for: RFC 5280, section 5.1. Written here, and read again
/// to be continued.
struct CRLCoder {
    private static let label = "X509 CRL"
    private static let crlNumber: ASN1ObjectIdentifier = [2, 5, 29, 20]
    private static let extensionsTag = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)

    let entries: [Revocation]
    let number: Int
    /// The key identifier of the authority that signed it; nil in one that is not signed yet, or does not say.
    var signer: String?

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
            // An empty sequence is not allowed here: without entries it is left out.
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

    /// Both extensions are required of every list (RFC 5280, sections 5.2.1 and 5.2.3); neither is critical.
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
    /// The lists in a file: one, or one for each authority.
    static func all(in pem: String) throws(CredentialsError) -> [CRLCoder] {
        try texts(in: pem).map(\.list)
    }

    /// Each list in a file, and its own PEM.
    static func texts(in pem: String) throws(CredentialsError) -> [(list: CRLCoder, pem: String)] {
        let document = PEM(pem)
        let blocks = document.blocks.filter { $0.label == Self.label }
        guard document.defect == nil, !blocks.isEmpty else {
            throw CredentialsError(
                .pem, "The revocation list \(document.defect?.words ?? "is not there").",
                hint: "Restore crl.pem from where it was copied.")
        }
        do {
            return try blocks.map {
                (try CRLCoder(der: $0.der), PEMDocument(type: label, derBytes: $0.der).pemString + "\n")
            }
        } catch {
            throw CredentialsError(
                .pem, "The revocation list cannot be decoded.",
                hint: "Restore crl.pem from where it was copied.")
        }
    }

    private init(der: [UInt8]) throws {
        self = try DER.sequence(DER.parse(der), identifier: .sequence) { fields in
            guard let list = fields.next() else { throw ASN1Error.invalidASN1Object(reason: "empty") }
            _ = fields.next()  // the signature's algorithm
            _ = fields.next()  // the signature: the list is one's own, kept beside the authority's key
            return try CRLCoder(list)
        }
    }

    private init(_ list: ASN1Node) throws {
        self = try DER.sequence(list, identifier: .sequence) { fields in
            let version: Int = try Int(derEncoded: &fields)
            guard version == 1 else { throw ASN1Error.invalidASN1Object(reason: "not version 2") }
            _ = fields.next()  // the signature's algorithm
            _ = fields.next()  // the issuer
            _ = fields.next()  // thisUpdate
            var entries: [Revocation] = []
            var number = 1
            var signer: String?
            while let field = fields.next() {
                if field.identifier == .sequence {
                    entries = try Self.entries(in: field)
                } else if field.identifier == Self.extensionsTag {
                    (number, signer) = try Self.extensions(in: field)
                }
            }
            return CRLCoder(entries: entries, number: number, signer: signer)
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
    /// The bytes that hexadecimal digits stand for; what is no digit ends them.
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

/// The algorithm with which a revocation list is signed, and its identifier in DER (RFC 5280, section
/// 4.1.1.2).
struct CRLSignature: DERSerializable {
    let algorithm: Certificate.SignatureAlgorithm
    private let identifier: ASN1ObjectIdentifier
    private let hasNullParameters: Bool

    init(for key: Certificate.PrivateKey) {
        if Curve25519.Signing.PublicKey(key.publicKey) != nil {
            self.init(.ed25519, [1, 3, 101, 112], null: false)
        } else if _RSA.Signing.PublicKey(key.publicKey) != nil {
            // RFC 4055, section 5: the parameters are there, and NULL.
            self.init(.sha256WithRSAEncryption, [1, 2, 840, 113549, 1, 1, 11], null: true)
        } else {
            self.init(.ecdsaWithSHA256, [1, 2, 840, 10045, 4, 3, 2], null: false)
        }
    }

    private init(_ algorithm: Certificate.SignatureAlgorithm, _ identifier: ASN1ObjectIdentifier, null: Bool)
    {
        self.algorithm = algorithm
        self.identifier = identifier
        hasNullParameters = null
    }

    func serialize(into coder: inout DER.Serializer) throws {
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            try coder.serialize(identifier)
            if hasNullParameters { try coder.serialize(ASN1Null()) }
        }
    }
}

/// A date in a revocation list: UTCTime until 2049 and GeneralizedTime after it (RFC 5280, section 5.1.2.4).
struct CRLTime: DERParseable, DERSerializable {
    let date: Date

    init(_ date: Date) { self.date = date }

    init(derEncoded node: ASN1Node) throws {
        if node.identifier == UTCTime.defaultIdentifier {
            let time = try UTCTime(derEncoded: node)
            date = try Self.date(time.year, time.month, time.day, time.hours, time.minutes, time.seconds)
        } else {
            let time = try GeneralizedTime(derEncoded: node)
            date = try Self.date(time.year, time.month, time.day, time.hours, time.minutes, time.seconds)
        }
    }

    func serialize(into coder: inout DER.Serializer) throws {
        let parts = Self.calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        guard let year = parts.year, let month = parts.month, let day = parts.day, let hour = parts.hour,
            let minute = parts.minute, let second = parts.second
        else { throw ASN1Error.invalidASN1Object(reason: "not a date") }
        if (1950..<2050).contains(year) {
            try coder.serialize(
                UTCTime(year: year, month: month, day: day, hours: hour, minutes: minute, seconds: second))
        } else {
            try coder.serialize(
                GeneralizedTime(
                    year: year, month: month, day: day, hours: hour, minutes: minute, seconds: second,
                    fractionalSeconds: 0))
        }
    }

    private static var calendar: Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }

    private static func date(
        _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int
    ) throws -> Date {
        let parts = DateComponents(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        guard let date = calendar.date(from: parts) else {
            throw ASN1Error.invalidASN1Object(reason: "not a date")
        }
        return date
    }
}
