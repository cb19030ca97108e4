import FoundationEssentials

/// Time formats of pages.
enum TimeFormat {
    /// `0:07`, `12:30`, `1:02:03`.
    static func elapsed(from start: Date, to end: Date) -> String {
        elapsed(seconds: Int(end.timeIntervalSince(start)))
    }

    static func elapsed(seconds: Int) -> String {
        let seconds = max(0, seconds)
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        return hours > 0
            ? "\(hours):\(two(minutes)):\(two(seconds % 60))" : "\(minutes):\(two(seconds % 60))"
    }

    /// `2027-11-22`.
    static func day(_ date: Date) -> String { date.formatted(.iso8601.year().month().day()) }

    /// `2027-11-22, in 212 days`, or `expired on 2026-11-20`.
    static func expiry(_ end: Date, days count: Int) -> String {
        count < 0 ? "expired on \(day(end))" : "\(day(end)), in \(days(count))"
    }

    /// "1 day", "12 days".
    static func days(_ count: Int) -> String { count == 1 ? "1 day" : "\(count) days" }
}
