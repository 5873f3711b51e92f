// The console of a signed-in person: providers around the router. Page frames are in Shell, pages in features.
import { StyleProvider } from '@ant-design/cssinjs';
import { IconProvider } from '@ant-design/icons';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { App as AntdApp, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/problem';
import type { Session } from '@/api/types';
import { SessionContext } from '@/shared/session';
import { adoptedContainer } from '@/shared/theme/adoptedStyles';
import { antdThemeFor } from '@/shared/theme/antd';
import { useAppearance } from '@/shared/theme/appearance';
import { createConsoleRouter } from './router';

const container = adoptedContainer();
// The icons would write a <style> element, which the content security policy refuses: page.css holds what they need.
const ICONS = { zeroRuntime: true };

function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5000,
        refetchOnWindowFocus: true,
        retry: (count, error) => count < 3 && error instanceof Problem && (error.status === 0 || error.status >= 500),
      },
    },
  });
}

export default function Console({ session, onLeft }: { session: Session; onLeft: () => void }) {
  const { i18n } = useTranslation();
  const { theme, density } = useAppearance();
  const [client] = useState(newQueryClient);
  const [router] = useState(createConsoleRouter);
  const antdTheme = useMemo(() => antdThemeFor(theme, density), [theme, density]);
  const presence = useMemo(() => ({ session, leave: onLeft }), [session, onLeft]);
  return (
    <StyleProvider container={container}>
      <ConfigProvider theme={antdTheme} locale={i18n.language === 'en' ? enUS : zhCN} button={{ autoInsertSpace: false }}>
        <IconProvider value={ICONS}>
          <AntdApp component={false}>
            <QueryClientProvider client={client}>
              <SessionContext value={presence}>
                <RouterProvider router={router} />
              </SessionContext>
            </QueryClientProvider>
          </AntdApp>
        </IconProvider>
      </ConfigProvider>
    </StyleProvider>
  );
}
