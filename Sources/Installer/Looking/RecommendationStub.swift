extension SecurityProfile {
    static func recommended(by facts: Facts) -> (profile: SecurityProfile, reason: String) {
        (.rootless, "it works on most clusters")
    }
}
