extension StringProtocol {
    /// The JSON objects that stand in the text one after the other, as kubectl prints them where it makes
    /// several.
    var jsonDocuments: [SubSequence] {
        var documents: [SubSequence] = []
        var start = startIndex
        var depth = 0
        var isQuoted = false
        var isEscaped = false
        for index in utf8.indices {
            switch utf8[index] {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\") where isQuoted: isEscaped = true
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "{") where !isQuoted:
                if depth == 0 { start = index }
                depth += 1
            case UInt8(ascii: "}") where !isQuoted:
                depth -= 1
                if depth == 0 { documents.append(self[start...index]) }
            default: break
            }
        }
        return documents
    }
}
