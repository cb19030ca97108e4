/// How the background of a terminal becomes known: by asking it, or by a variable that some emulators set.
enum BackgroundColor {
    /// OSC 11, "set the background", with a question mark in place of a colour.
    static let question = "\u{1B}]11;?\u{7}"

    /// The terminal's answer without its frame, such as `11;rgb:1e1e/1e1e/2e2e`: one to four hexadecimal digits for
    /// each component (XParseColor). nil: another answer.
    static func answer(_ text: String) -> RGB? {
        guard let start = ["11;rgb:", "11;rgba:"].first(where: text.hasPrefix) else { return nil }
        let parts = text.dropFirst(start.count).split(separator: "/", omittingEmptySubsequences: false)
        // A fourth one is the opacity.
        guard parts.count == 3 || parts.count == 4 else { return nil }
        var value = 0
        for part in parts.prefix(3) {
            guard (1...4).contains(part.count), part.allSatisfy(\.isHexDigit),
                let number = Int(part, radix: 16)
            else { return nil }
            let largest = 1 << (4 * part.count) - 1
            value = value << 8 | (number * 255 + largest / 2) / largest
        }
        return RGB(value)
    }

    /// `COLORFGBG`, such as `15;0` or `0;default;15`: numbers of the 16 colours, the background last.
    static func theme(environment: [String: String]) -> Theme {
        guard let last = environment["COLORFGBG"]?.split(separator: ";").last, let colour = Int(last) else {
            return .dark
        }
        return colour == 7 || (9...15).contains(colour) ? .light : .dark
    }
}
