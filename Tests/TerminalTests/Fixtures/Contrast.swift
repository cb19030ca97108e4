import Foundation

@testable import Terminal

extension RGB {
    /// The ratio of WCAG 2, from 1 (the same) to 21 (black and white).
    func contrast(with other: RGB) -> Double {
        let (one, two) = (luminance, other.luminance)
        return (max(one, two) + 0.05) / (min(one, two) + 0.05)
    }

    private var luminance: Double {
        let parts = [value >> 16 & 0xFF, value >> 8 & 0xFF, value & 0xFF].map { part in
            let share = Double(part) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }

    /// One of xterm's 256 colours, without the first 16, which are the user's.
    init(indexed index: Int) {
        precondition((16...255).contains(index))
        if index >= 232 {
            self.init((8 + 10 * (index - 232)) * 0x01_01_01)
        } else {
            let levels = [0, 95, 135, 175, 215, 255]
            let cube = index - 16
            self.init(levels[cube / 36] << 16 | levels[cube / 6 % 6] << 8 | levels[cube % 6])
        }
    }
}
