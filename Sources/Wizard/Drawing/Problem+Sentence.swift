import Installer

extension Problem {
    /// What is wrong, without the name of the field that it stands below.
    var sentence: String {
        let subject = origin.map { "\($0): " } ?? ""
        return subject + message + (example.map { ", as in '\($0)'" } ?? "")
    }
}
