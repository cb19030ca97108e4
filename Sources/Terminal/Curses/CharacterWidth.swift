import CNCurses

extension Character {
    /// Columns that a terminal gives this character: the sum over its scalars, which is how curses and most
    /// terminals count. nil for what must not reach a terminal: controls, and the marks that reorder text.
    var columns: Int? {
        if let ascii = asciiValue, self != "\r\n" { return (0x20..<0x7F).contains(ascii) ? 1 : nil }
        var sum = 0
        for scalar in unicodeScalars {
            let width = Int(cn_width(scalar.value))
            guard width >= 0, !scalar.properties.isBidiControl else { return nil }
            sum += width
        }
        return sum
    }
}
