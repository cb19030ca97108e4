import FoundationEssentials
import SwiftASN1

/// A date in a revocation list: UTCTime until 2049 and GeneralizedTime after it (RFC 5280, section 5.1.2.4).
struct ListTime: DERParseable, DERSerializable {
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
