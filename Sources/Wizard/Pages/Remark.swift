import Terminal

/// Something that follows from the answers of a form, said on its page.
struct Remark: Equatable, Sendable {
    var subject: String
    var text: String
    var style = Style.plain
}
