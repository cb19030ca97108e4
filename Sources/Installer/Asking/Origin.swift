/// Where an answer came from; a later one wins over an earlier one.
public enum Origin: Equatable, Sendable {
    case file(path: String)
    case environment
    case flag
    case wizard

    /// The field as the user wrote it there.
    func name(of field: Field) -> String {
        switch self {
        case .file(let path): "\"\(field.id)\" in \(path)"
        case .environment: field.variable
        case .flag: "--\(field.id)"
        case .wizard: field.label
        }
    }
}
