import Crypto
import CryptoExtras
import FoundationEssentials
import SwiftASN1
import X509

// The fields of a revocation list, with their DER encoding.

/// A revoked certificate.
public struct Revocation: Sendable, Hashable {
    /// In the notation of `CertificateSummary.serial`: hexadecimal digits.
    public let serial: String
    public let date: Date
}

/// The signature algorithm of a revocation list, and its identifier in DER (RFC 5280, section 4.1.1.2).
struct CRLSignature: DERSerializable {
    let algorithm: Certificate.SignatureAlgorithm
    private let identifier: ASN1ObjectIdentifier
    private let hasNullParameters: Bool

    init(for key: Certificate.PrivateKey) {
        if Curve25519.Signing.PublicKey(key.publicKey) != nil {
            self.init(.ed25519, [1, 3, 101, 112], null: false)
        } else if _RSA.Signing.PublicKey(key.publicKey) != nil {
            // RFC 4055, section 5: the parameters are present, and NULL.
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
