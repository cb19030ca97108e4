import Installer

extension Form {
    /// What follows from the answers, or is there already.
    func remarks(_ answers: Answers, _ facts: Facts) -> [Remark] {
        switch self {
        case .address: AddressRemarks(answers, facts).all
        case .inventory: RotationRemarks(facts).all
        default: []
        }
    }
}
