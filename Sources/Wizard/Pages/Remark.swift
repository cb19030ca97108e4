import Installer
import Terminal

/// Something that follows from the answers of a form, said on its page.
struct Remark: Equatable, Sendable {
    var subject: String
    var text: String
    var style = Style.plain
}

extension Form {
    /// What follows from the answers.
    func remarks(_ answers: Answers, _ facts: Facts) -> [Remark] {
        self == .address ? AddressRemarks(answers, facts).all : []
    }
}
