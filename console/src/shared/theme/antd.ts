// The antd theme: map tokens are fed one by one from our palette after the algorithm, so that no derived shade drifts.
import { theme as antdTheme } from 'antd';
import type { ThemeConfig } from 'antd';
import { CODE_STACK, DENSITIES, FONT_STACK, PALETTES } from './tokens';
import type { DensityName, ThemeName } from './tokens';

export function antdThemeFor(theme: ThemeName, density: DensityName): ThemeConfig {
  const p = PALETTES[theme];
  const d = DENSITIES[density];
  return {
    algorithm: theme === 'light' ? antdTheme.defaultAlgorithm : antdTheme.darkAlgorithm,
    hashed: false,
    token: {
      colorBgLayout: p.bg,
      colorBgContainer: p.panel,
      colorBgElevated: p.raised,
      colorText: p.text,
      colorTextSecondary: p.text2,
      colorTextTertiary: p.text3,
      colorTextPlaceholder: p.text3,
      colorTextQuaternary: p.text3,
      colorTextLightSolid: p.onPrimary,
      colorBorder: p.line,
      colorBorderSecondary: p.hairline,
      colorSplit: p.hairline,
      colorPrimary: p.primary,
      colorLink: p.primary,
      controlOutline: p.focus,
      colorSuccess: p.ok,
      colorSuccessBg: p.okTint,
      colorWarning: p.warn,
      colorWarningBg: p.warnTint,
      colorError: p.bad,
      colorErrorBg: p.badTint,
      colorInfo: p.info,
      colorInfoBg: p.infoTint,
      colorBgMask: 'rgba(0,0,0,.45)',
      borderRadius: 4,
      borderRadiusLG: 4,
      borderRadiusSM: 4,
      controlHeight: d.control,
      controlHeightSM: Math.max(24, d.control - 4),
      fontSize: d.font,
      fontFamily: FONT_STACK,
      fontFamilyCode: CODE_STACK,
      fontWeightStrong: 600,
      lineHeight: 1.5,
      motionDurationFast: '0.08s',
      motionDurationMid: '0.16s',
      motionDurationSlow: '0.2s',
      motionEaseInOut: 'cubic-bezier(.2,0,0,1)',
      boxShadow: p.shadow,
      boxShadowSecondary: p.shadow,
      wireframe: false,
    },
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
    },
  };
}
